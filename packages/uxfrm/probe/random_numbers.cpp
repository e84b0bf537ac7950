#include "random_numbers.h"

#include <sys/random.h>

#include <cerrno>
#include <system_error>

namespace uxfrm {

uint64_t RandomNumbers::next() {
    if (used_ == numbers_.size()) {
        // Up to 256 bytes come whole (getrandom(2)).
        for (size_t half = 0; half < numbers_.size(); half += numbers_.size() / 2) {
            const size_t wanted = sizeof(numbers_) / 2;
            while (getrandom(&numbers_[half], wanted, 0) != static_cast<ssize_t>(wanted))
                if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "getrandom");
        }
        used_ = 0;
    }
    return numbers_[used_++];
}

}  // namespace uxfrm
