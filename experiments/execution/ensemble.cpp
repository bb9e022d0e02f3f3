#include "experiments/execution/ensemble.hpp"

#include "experiments/execution/forked_jobs.hpp"
#include "simulation/run.hpp"

namespace ytterby {

bool run_whole_ensemble(const EnsembleDesign& design, const std::function<void(const EnsembleMember&)>& on_member,
                        const std::atomic<bool>* stop) {
    const auto run_member = [&](std::size_t number) {
        std::vector<std::string> overrides = design.overrides;
        overrides.push_back("run.seed=" + std::to_string(number + 1));
        overrides.emplace_back("run.threads=1");
        const Scenario scenario = load_scenario(design.config, overrides);
        Simulation simulation = build_simulation(scenario);
        AnnualWatch watch(simulation.economy);
        run(scenario, simulation, watch);
        return pack_rows(watch.rows());
    };
    const auto report = [&](std::size_t number, const JobResult& result) {
        const auto seed = static_cast<std::uint32_t>(number + 1);
        on_member(result.error.empty() ? EnsembleMember{seed, unpack_rows(result.output), {}}
                                       : EnsembleMember{seed, {}, result.error});
    };
    return run_forked_jobs(design.seeds, design.jobs, run_member, report, stop);
}

}  // namespace ytterby
