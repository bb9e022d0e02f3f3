#include "app/sweep_mpi.hpp"

#ifdef YTTERBY_MPI

#include <fmt/format.h>
#include <boost/mpi.hpp>

#include <chrono>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "app/commands.hpp"
#include "app/interruption.hpp"

namespace ytterby {
namespace {

namespace mpi = boost::mpi;

/// Kinds of messages.
enum Tag : int { tag_identity = 1, tag_job = 2, tag_end = 3, tag_output = 4, tag_error = 5 };
/// How long rank 0 sleeps when no message is waiting.
constexpr std::chrono::milliseconds nap{1};

/// Rank 0: one job at a time for each of the other ranks.
bool hand_out(const mpi::communicator& world, const WorkerPoolCalls& calls, const std::atomic<bool>* stop) {
    std::vector<std::optional<std::uint64_t>> jobs(static_cast<std::size_t>(world.size()));
    while (true) {
        if (stop != nullptr && stop->load()) {
            return false;
        }
        bool busy = false;
        for (int rank = 1; rank < world.size(); ++rank) {
            std::optional<std::uint64_t>& job = jobs[static_cast<std::size_t>(rank)];
            if (!job) {
                job = calls.next();
                if (job) {
                    world.send(rank, tag_job, *job);
                }
            }
            busy = busy || job;
        }
        if (!busy) {
            return true;
        }
        const auto news = world.iprobe();
        if (!news) {
            std::this_thread::sleep_for(nap);
            continue;
        }
        std::string text;
        world.recv(news->source(), news->tag(), text);
        const std::uint64_t job = *jobs[static_cast<std::size_t>(news->source())];
        jobs[static_cast<std::size_t>(news->source())].reset();
        calls.on_result(job, news->tag() == tag_output ? WorkResult{std::move(text), {}, false}
                                                       : WorkResult{{}, std::move(text), false});
    }
}

/// The other ranks: run what rank 0 hands out until it sends the end.
void serve(const mpi::communicator& world, const Sweep& sweep, const SweepOptions& options) {
    while (true) {
        const mpi::status message = world.probe(0);
        std::uint64_t row = 0;
        world.recv(0, message.tag(), row);
        if (message.tag() == tag_end) {
            return;
        }
        try {
            world.send(0, tag_output, sweep.run_one(row, options));
        } catch (const std::exception& error) {
            world.send(0, tag_error, std::string(error.what()));
        }
    }
}

}  // namespace

bool has_mpi() { return true; }

int sweep_under_mpi(const Sweep& sweep, const SweepOptions& asked,
                    const std::function<void(const SweepProgress&)>& on_progress,
                    const std::function<int(const SweepOutcome&)>& report) {
    SweepOptions options = asked;
    mpi::environment environment;
    const mpi::communicator world;
    if (world.rank() > 0) {
        world.send(0, tag_identity, sweep.plan().identity());
        serve(world, sweep, options);
        return exit_ok;
    }
    try {
        if (world.size() < 2) {
            throw std::runtime_error("--mpi needs at least two processes: mpirun -n 3 ytterby sweep DESIGN --mpi");
        }
        for (int rank = 1; rank < world.size(); ++rank) {
            std::string identity;
            world.recv(rank, tag_identity, identity);
            if (identity != sweep.plan().identity()) {
                throw std::runtime_error(fmt::format(
                    "rank {} reads another plan: design, scenario, data and program must be the same on all machines",
                    rank));
            }
        }
        for (const std::string& warning : sweep.warnings()) {
            fmt::print(stderr, "warning: {}\n", warning);
        }
        options.pool = [&](const WorkerPoolCalls& calls, const std::atomic<bool>* stop) {
            return hand_out(world, calls, stop);
        };
        const SweepOutcome outcome = sweep.run(options, on_progress, &stop_requested);
        const int code = report(outcome);
        std::fflush(stdout);
        if (outcome.interrupted) {
            environment.abort(code);  // others are in the middle of runs
        }
        for (int rank = 1; rank < world.size(); ++rank) {
            world.send(rank, tag_end, std::uint64_t{0});
        }
        return code;
    } catch (const std::exception& error) {
        // The other ranks wait for work that will not come.
        fmt::print(stderr, "ytterby: {}\n", error.what());
        std::fflush(stderr);
        environment.abort(exit_failed);
    }
    return exit_failed;
}

}  // namespace ytterby

#else

namespace ytterby {

bool has_mpi() { return false; }

int sweep_under_mpi(const Sweep&, const SweepOptions&, const std::function<void(const SweepProgress&)>&,
                    const std::function<int(const SweepOutcome&)>&) {
    return 1;
}

}  // namespace ytterby

#endif
