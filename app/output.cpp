#include "app/output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <iostream>
#include <stdexcept>
#include <string>

#include "core/printable.hpp"
#include "core/system_message.hpp"

namespace ytterby {

namespace {

/// The first error of the standard output.
int output_error = 0;

}  // namespace

void write_text(std::FILE* stream, std::string_view text) {
    const std::string shown = printable(text);
    if (std::fwrite(shown.data(), 1, shown.size(), stream) < shown.size() && stream == stdout && output_error == 0) {
        output_error = errno;
    }
}

void draw_progress(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fflush(stderr);
}

void guard_standard_streams() {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(stream, F_GETFD) < 0 && errno == EBADF) {
            // For reading only: what is written there fails, as it should. The lowest free number is this one.
            static_cast<void>(::open("/dev/null", O_RDONLY));
        }
    }
    // A full quota or a reader that has gone is an error to report.
    std::signal(SIGXFSZ, SIG_IGN);
    std::signal(SIGPIPE, SIG_IGN);
}

void finish_output() {
    errno = 0;
    std::cout.flush();
    if (!std::cout && output_error == 0) {
        output_error = errno;
    }
    if (std::fflush(stdout) != 0 && output_error == 0) {
        output_error = errno;
    }
    if (output_error != 0 || std::ferror(stdout) != 0 || !std::cout) {
        throw std::runtime_error("cannot write the output: " +
                                 (output_error != 0 ? system_message(output_error) : std::string("writing failed")));
    }
}

}  // namespace ytterby
