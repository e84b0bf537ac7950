#pragma once

#include <cstdint>
#include <ctime>

namespace uxfrm {

/** Monotonic time carries every deadline; wall-clock time is only what the XFRM interface reports to IKE. */
class Clock {
public:
    virtual ~Clock() = default;
    virtual uint64_t monotonic_seconds() const = 0;
    virtual uint64_t wall_seconds() const = 0;

    /** Monotonic seconds as the wall-clock seconds that netlink structures carry; 0 means "never" in both. */
    uint64_t to_wall(uint64_t monotonic) const {
        return monotonic == 0 ? 0 : wall_seconds() - (monotonic_seconds() - monotonic);
    }
    uint64_t from_wall(uint64_t wall) const {
        if (wall == 0) return 0;
        const uint64_t age = wall_seconds() > wall ? wall_seconds() - wall : 0;
        return monotonic_seconds() > age ? monotonic_seconds() - age : 1;
    }
};

/** The kernel's coarse clocks: a few nanoseconds a reading, a few milliseconds old, enough for whole seconds. */
class SystemClock final : public Clock {
public:
    uint64_t monotonic_seconds() const override { return read(CLOCK_MONOTONIC_COARSE) + 1; }
    uint64_t wall_seconds() const override { return read(CLOCK_REALTIME_COARSE); }

private:
    static uint64_t read(clockid_t id) {
        timespec now{};
        clock_gettime(id, &now);
        return static_cast<uint64_t>(now.tv_sec);
    }
};

}  // namespace uxfrm
