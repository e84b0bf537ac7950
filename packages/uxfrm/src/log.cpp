#include "log.h"

#include <poll.h>
#include <unistd.h>

#include <string>

namespace uxfrm {
namespace {

LogLevel threshold = LogLevel::info;

const char* name_of(LogLevel level) {
    switch (level) {
        case LogLevel::debug: return "debug";
        case LogLevel::info: return "info";
        case LogLevel::error: return "error";
    }
    return "error";
}

/** Whoever reads the log may have stopped reading; packets must not wait for that. */
bool would_block() {
    pollfd output{STDERR_FILENO, POLLOUT, 0};
    return poll(&output, 1, 0) != 1;
}

}  // namespace

void set_log_level(LogLevel level) { threshold = level; }

void log(LogLevel level, const char* event, const LogFields& fields) {
    if (level < threshold || would_block()) return;
    LogFields line = {{"level", name_of(level)}, {"event", event}};
    line.update(fields);
    std::string text = line.dump(-1, ' ', false, LogFields::error_handler_t::replace);
    text += '\n';
    if (write(STDERR_FILENO, text.data(), text.size()) < 0) return;  // nowhere left to complain
}

}  // namespace uxfrm
