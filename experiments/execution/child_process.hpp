#pragma once

#include <sys/types.h>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace ytterby {

/// A process forked from this one, as its parent sees it, with a pipe each way.
struct ChildProcess {
    pid_t process = -1;
    int to = -1;       // the pipe that it reads; -1 once it is closed
    int from = -1;     // the pipe that it writes
    std::string text;  // what it has written so far
};

/// What became of a job in a child.
struct ChildAnswer {
    std::string text;  // its output, or what went wrong
    bool is_output = false;
};

/// Forks a process that calls `life` with its two pipes and ends without this process's destructors and buffers. Ctrl-C
/// reaches all processes of a terminal, so the child ignores it: its parent decides what it means. It dies with its
/// parent. `others` are its siblings, whose pipes it closes. Throws std::runtime_error when no process can be made.
ChildProcess fork_child(const std::vector<const ChildProcess*>& others,
                        const std::function<void(int in, int out)>& life);

/// Reads what a child has written; false when its pipe is at its end.
bool read_output(ChildProcess& child);

/// Closes the pipe to a child, so that it reads an end.
void close_input(ChildProcess& child);

/// Waits for the end of a child whose pipe has ended or that was killed, and frees what it held. Returns how it ended,
/// for a child that has not answered.
std::string reap(ChildProcess& child);

/// Kills children, whatever they are doing.
void end_children(const std::vector<ChildProcess*>& children);

/// Runs a job and packs its output, or what it threw, as one text; and back.
std::string packed_answer(const std::function<std::string()>& job);
ChildAnswer unpacked_answer(std::string_view text);

/// Writes or reads so many bytes; false when the other side is gone.
bool write_all(int pipe, const void* bytes, std::size_t size);
bool read_all(int pipe, void* bytes, std::size_t size);

/// How long to wait for output of children before looking whether to stop, milliseconds.
inline constexpr int patience_ms = 200;

}  // namespace ytterby
