#include "probe_daemon.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <exception>
#include <system_error>

#include "probe_commands.h"

namespace uxfrm {
namespace {

constexpr size_t longest_command = 4096;
/** Turns are at least this far apart: what came or became due meanwhile is one batch. Nothing is measured by when a turn is. */
constexpr Nanoseconds shortest_turn = 2 * per_millisecond;

void require(bool ok, const char* what) {
    if (!ok) throw std::system_error(errno, std::generic_category(), what);
}

void keep_from_blocking(int fd) {
    const int flags = fcntl(fd, F_GETFL);
    require(flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0, "O_NONBLOCK");
}

}  // namespace

ProbeDaemon::ProbeDaemon(int commands, int reports)
    : lines_(longest_command),
      reports_(reports),
      commands_(commands),
      alarm_(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) {
    require(static_cast<bool>(alarm_), "timerfd_create");
    keep_from_blocking(commands);
    keep_from_blocking(reports);
    loop_.watch(commands, EPOLLIN, [this](uint32_t) { read_commands(); });
    loop_.watch(alarm_.get(), EPOLLIN, [this](uint32_t) {
        uint64_t expirations = 0;
        (void)!read(alarm_.get(), &expirations, sizeof(expirations));
    });
    loop_.watch(prober_.fd(), EPOLLIN, [](uint32_t) {});
    loop_.every_second([this] { reports_.tell_part(prober_, read_clock(CLOCK_MONOTONIC)); });
    loop_.after_each_turn([this] { turn(); });
}

void ProbeDaemon::run() {
    reports_.ready();
    loop_.run();
}

void ProbeDaemon::read_commands() {
    const bool goes_on = lines_.read(commands_, [this](std::string_view line) {
        try {
            obey(prober_, line, read_clock(CLOCK_MONOTONIC));
        } catch (const std::exception& error) {
            reports_.refuse(error.what());
        }
    });
    if (!goes_on) loop_.stop();
}

void ProbeDaemon::turn() {
    const Nanoseconds now = read_clock(CLOCK_MONOTONIC);
    prober_.turn(now);
    reports_.tell_changed(prober_, now);
    set_alarm(now);
    pause(now);
}

void ProbeDaemon::set_alarm(Nanoseconds now) {
    auto due = prober_.due();
    if (prober_.has_changed()) due = std::min(due.value_or(UINT64_MAX), reports_.next_line());
    itimerspec alarm{};  // of zeros: none
    if (due) alarm.it_value = to_timespec(std::max(*due, now));
    require(timerfd_settime(alarm_.get(), TFD_TIMER_ABSTIME, &alarm, nullptr) == 0, "timerfd_settime");
}

void ProbeDaemon::pause(Nanoseconds began) const {
    const timespec until = to_timespec(began + shortest_turn);
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr);
}

}  // namespace uxfrm
