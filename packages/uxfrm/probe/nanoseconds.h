#pragma once

#include <cstdint>
#include <ctime>

namespace uxfrm {

/** A moment of CLOCK_MONOTONIC, or a time between two; 584 years fit. */
using Nanoseconds = uint64_t;

constexpr Nanoseconds per_millisecond = 1'000'000;
constexpr Nanoseconds per_second = 1'000'000'000;

inline Nanoseconds to_nanoseconds(const timespec& time) {
    return static_cast<Nanoseconds>(time.tv_sec) * per_second + static_cast<Nanoseconds>(time.tv_nsec);
}

inline timespec to_timespec(Nanoseconds time) {
    return {static_cast<time_t>(time / per_second), static_cast<long>(time % per_second)};
}

inline Nanoseconds read_clock(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return to_nanoseconds(now);
}

}  // namespace uxfrm
