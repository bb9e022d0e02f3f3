#include "experiments/execution/child_process.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <new>
#include <stdexcept>
#include <utility>

#include "core/memory_use.hpp"
#include "core/system_message.hpp"

namespace ytterby {
namespace {

/// What an answer begins with.
constexpr char went_well = 'o';
constexpr char went_wrong = 'e';

[[noreturn]] void throw_no_process(const std::string& what) {
    throw std::runtime_error(what + ": " + system_message(errno));
}

void close_pipes(const ChildProcess& child) {
    for (const int end : {child.to, child.from}) {
        if (end >= 0) {
            ::close(end);
        }
    }
}

int wait_for(pid_t process) {
    int status = 0;
    while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

[[noreturn]] void live_as_child(pid_t parent, int in, int out, const std::function<void(int in, int out)>& life) {
    std::signal(SIGINT, SIG_IGN);
    std::signal(SIGHUP, SIG_IGN);  // the parent ends its children
    std::signal(SIGTERM, SIG_DFL);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) {
        ::_exit(1);  // it died before we asked to die with it
    }
    life(in, out);
    ::_exit(0);
}

}  // namespace

ChildProcess fork_child(const std::vector<const ChildProcess*>& others,
                        const std::function<void(int in, int out)>& life) {
    int down[2], up[2];
    if (::pipe(down) != 0) {
        throw_no_process("no pipe for a worker process");
    }
    if (::pipe(up) != 0) {
        const int trouble = errno;
        ::close(down[0]);
        ::close(down[1]);
        errno = trouble;
        throw_no_process("no pipe for a worker process");
    }
    const pid_t parent = ::getpid();
    const pid_t process = ::fork();
    if (process == 0) {
        ::close(down[1]);
        ::close(up[0]);
        for (const ChildProcess* other : others) {
            close_pipes(*other);  // else it would keep its siblings' pipes open
        }
        live_as_child(parent, down[0], up[1], life);
    }
    const int trouble = errno;
    ::close(down[0]);
    ::close(up[1]);
    ChildProcess child{.process = process, .to = down[1], .from = up[0], .text = {}};
    if (process < 0) {
        close_pipes(child);
        errno = trouble;
        throw_no_process("no worker process");
    }
    return child;
}

bool read_output(ChildProcess& child) {
    char buffer[65536];
    const ssize_t size = ::read(child.from, buffer, sizeof buffer);
    if (size > 0) {
        child.text.append(buffer, static_cast<std::size_t>(size));
    }
    return size > 0 || (size < 0 && errno == EINTR);
}

void close_input(ChildProcess& child) { ::close(std::exchange(child.to, -1)); }

std::string reap(ChildProcess& child) {
    close_pipes(child);
    child.to = child.from = -1;
    const int status = wait_for(child.process);
    if (WIFSIGNALED(status)) {
        const char* const name = ::sigdescr_np(WTERMSIG(status));  // glibc; null for one that has no name
        return "the process was ended by signal " + std::to_string(WTERMSIG(status)) +
               (name != nullptr ? " (" + std::string(name) + ")" : "");
    }
    return "the process ended without an answer";
}

void end_children(const std::vector<ChildProcess*>& children) {
    for (const ChildProcess* child : children) {
        ::kill(child->process, SIGKILL);
    }
    for (ChildProcess* child : children) {
        reap(*child);
    }
}

std::string packed_answer(const std::function<std::string()>& job) {
    try {
        return went_well + job();
    } catch (const std::bad_alloc&) {
        return went_wrong + out_of_memory_text();
    } catch (const std::exception& error) {
        return went_wrong + std::string(error.what());
    } catch (...) {
        return went_wrong + std::string("an unknown failure");
    }
}

ChildAnswer unpacked_answer(std::string_view text) { return {std::string(text.substr(1)), text.front() == went_well}; }

bool write_all(int pipe, const void* bytes, std::size_t size) {
    const char* at = static_cast<const char*>(bytes);
    while (size > 0) {
        const ssize_t written = ::write(pipe, at, size);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        if (written > 0) {
            at += written;
            size -= static_cast<std::size_t>(written);
        }
    }
    return true;
}

bool read_all(int pipe, void* bytes, std::size_t size) {
    char* at = static_cast<char*>(bytes);
    while (size > 0) {
        const ssize_t got = ::read(pipe, at, size);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            return false;
        }
        if (got > 0) {
            at += got;
            size -= static_cast<std::size_t>(got);
        }
    }
    return true;
}

}  // namespace ytterby
