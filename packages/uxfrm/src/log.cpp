#include "log.h"

#include <poll.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>
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

/** UTC, as ISO 8601 has it. */
std::string now_text() {
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    tm broken_down{};
    gmtime_r(&now.tv_sec, &broken_down);
    char date[32];
    const size_t length = strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S", &broken_down);
    char text[48];
    const int whole = snprintf(text, sizeof text, "%.*s.%03ldZ", static_cast<int>(length), date, now.tv_nsec / 1000000);
    return {text, static_cast<size_t>(whole)};
}

/** Whoever reads the log may have stopped reading; packets must not wait for that. */
bool would_block() {
    pollfd output{STDERR_FILENO, POLLOUT, 0};
    return poll(&output, 1, 0) != 1;
}

}  // namespace

void begin_log(LogLevel level) {
    threshold = level;
    tzset();
}

void log(LogLevel level, const char* event, const LogFields& fields) {
    if (level < threshold || would_block()) return;
    LogFields line = {{"level", name_of(level)}, {"time", now_text()}, {"event", event}};
    line.update(fields);
    std::string text = line.dump(-1, ' ', false, LogFields::error_handler_t::replace);
    text += '\n';
    if (write(STDERR_FILENO, text.data(), text.size()) < 0) return;  // nowhere left to complain
}

}  // namespace uxfrm
