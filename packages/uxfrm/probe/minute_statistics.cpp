#include "minute_statistics.h"

#include <algorithm>

namespace uxfrm {

void ProbeCounts::operator+=(const ProbeCounts& other) {
    sent += other.sent;
    lost += other.lost;
    unsent += other.unsent;
    delay_us += other.delay_us;
}

void ProbeCounts::operator-=(const ProbeCounts& other) {
    sent -= other.sent;
    lost -= other.lost;
    unsent -= other.unsent;
    delay_us -= other.delay_us;
}

void MinuteStatistics::add(uint64_t now_seconds, const ProbeCounts& ended) {
    forget(now_seconds);
    seconds_[newest_ % window_seconds] += ended;
    total_ += ended;
}

const ProbeCounts& MinuteStatistics::total(uint64_t now_seconds) {
    forget(now_seconds);
    return total_;
}

void MinuteStatistics::forget(uint64_t now_seconds) {
    if (now_seconds <= newest_) return;
    const uint64_t passed = std::min(now_seconds - newest_, window_seconds);
    for (uint64_t second = now_seconds - passed + 1; second <= now_seconds; ++second) {
        ProbeCounts& oldest = seconds_[second % window_seconds];
        total_ -= oldest;
        oldest = {};
    }
    newest_ = now_seconds;
}

}  // namespace uxfrm
