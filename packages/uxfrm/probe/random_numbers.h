#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace uxfrm {

/** Numbers that nobody can guess: the kernel's, fetched several at a time. */
class RandomNumbers {
public:
    /** Throws system_error. */
    uint64_t next();

private:
    std::array<uint64_t, 64> numbers_{};
    size_t used_ = numbers_.size();
};

}  // namespace uxfrm
