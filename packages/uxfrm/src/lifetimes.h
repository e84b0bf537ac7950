#pragma once

#include <cstddef>
#include <cstdint>

namespace uxfrm {

inline constexpr uint64_t no_limit = ~uint64_t{0};

/** Limits of an SA (struct xfrm_lifetime_cfg): volumes are off at no_limit, times at 0 seconds. */
struct LifetimeLimits {
    uint64_t soft_bytes = no_limit;
    uint64_t hard_bytes = no_limit;
    uint64_t soft_packets = no_limit;
    uint64_t hard_packets = no_limit;
    uint64_t soft_add_seconds = 0;
    uint64_t hard_add_seconds = 0;
    uint64_t soft_use_seconds = 0;
    uint64_t hard_use_seconds = 0;
};

/** What an SA has used so far (struct xfrm_lifetime_cur); times are monotonic seconds, 0 means not yet. */
struct LifetimeUsage {
    uint64_t bytes = 0;
    uint64_t packets = 0;
    uint64_t add_time = 0;
    uint64_t use_time = 0;

    void account(size_t length, uint64_t now) {
        bytes += length;
        ++packets;
        if (use_time == 0) use_time = now;
    }
};

enum class Lifetime { valid, soft_expired, hard_expired };

/** RFC 4301 section 4.4.2.1, lifetime of an SA; same comparisons as xfrm_state_check_expire. */
Lifetime lifetime_by_volume(const LifetimeLimits& limits, const LifetimeUsage& usage);

/** As xfrm_timer_handler. */
Lifetime lifetime_by_time(const LifetimeLimits& limits, const LifetimeUsage& usage, uint64_t now);

}  // namespace uxfrm
