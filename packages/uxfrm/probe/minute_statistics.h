#pragma once

#include <array>
#include <cstdint>

namespace uxfrm {

/** How probes ended. A probe that could not even be sent is among the lost ones. */
struct ProbeCounts {
    uint32_t sent = 0;
    uint32_t lost = 0;
    uint32_t unsent = 0;
    uint64_t delay_us = 0;

    void operator+=(const ProbeCounts& other);
    void operator-=(const ProbeCounts& other);
};

/** What ended in the last minute, to the second. */
class MinuteStatistics {
public:
    void add(uint64_t now_seconds, const ProbeCounts& ended);
    /** Of the last minute. */
    const ProbeCounts& total(uint64_t now_seconds);

private:
    static constexpr uint64_t window_seconds = 60;

    void forget(uint64_t now_seconds);

    std::array<ProbeCounts, window_seconds> seconds_{};
    ProbeCounts total_;
    uint64_t newest_ = 0;
};

}  // namespace uxfrm
