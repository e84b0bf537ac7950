#include "lifetimes.h"

namespace uxfrm {
namespace {

bool elapsed(uint64_t since, uint64_t seconds, uint64_t now) {
    return since != 0 && seconds != 0 && now >= since && now - since >= seconds;
}

}  // namespace

Lifetime lifetime_by_volume(const LifetimeLimits& limits, const LifetimeUsage& usage) {
    if (usage.bytes >= limits.hard_bytes || usage.packets >= limits.hard_packets) return Lifetime::hard_expired;
    if (usage.bytes >= limits.soft_bytes || usage.packets >= limits.soft_packets) return Lifetime::soft_expired;
    return Lifetime::valid;
}

Lifetime lifetime_by_time(const LifetimeLimits& limits, const LifetimeUsage& usage, uint64_t now) {
    if (elapsed(usage.add_time, limits.hard_add_seconds, now) || elapsed(usage.use_time, limits.hard_use_seconds, now))
        return Lifetime::hard_expired;
    if (elapsed(usage.add_time, limits.soft_add_seconds, now) || elapsed(usage.use_time, limits.soft_use_seconds, now))
        return Lifetime::soft_expired;
    return Lifetime::valid;
}

}  // namespace uxfrm
