#pragma once

#include "clock.h"

namespace uxfrm {

struct FakeClock final : Clock {
    uint64_t now = 1000;
    uint64_t wall_offset = 1'700'000'000;

    uint64_t monotonic_seconds() const override { return now; }
    uint64_t wall_seconds() const override { return now + wall_offset; }
};

}  // namespace uxfrm
