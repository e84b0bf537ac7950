#include "replay_window.h"

namespace uxfrm {

/** RFC 4303 appendix A2.2: the high half is the one that puts the packet nearest to the window. */
std::optional<uint64_t> ReplayWindow::extend(uint32_t low) const {
    if (!esn_) return low;
    const auto top_low = static_cast<uint32_t>(top_);
    uint64_t high = top_ >> 32;
    const uint32_t bottom_low = top_low - size_ + 1;
    const bool one_subspace = top_low >= size_ - 1;
    if (one_subspace && low < bottom_low) {
        if (high == UINT32_MAX) return std::nullopt;
        ++high;
    } else if (!one_subspace && low >= bottom_low) {
        if (high == 0) return std::nullopt;
        --high;
    }
    return high << 32 | low;
}

std::optional<uint64_t> ReplayWindow::check(uint32_t low) const {
    if (size_ == 0) return low;
    const auto sequence = extend(low);
    if (!sequence || *sequence == 0) return std::nullopt;
    if (*sequence > top_) return sequence;
    if (top_ - *sequence >= size_ || seen(*sequence)) return std::nullopt;
    return sequence;
}

void ReplayWindow::advance(uint64_t sequence) {
    if (size_ == 0 || sequence == 0) return;
    if (sequence > top_) {
        if (sequence - top_ >= size_) {
            bitmap_.fill(0);
        } else {
            for (uint64_t skipped = top_ + 1; skipped < sequence; ++skipped) clear(skipped);
        }
        top_ = sequence;
    }
    mark(sequence);
}

void ReplayWindow::restore(uint64_t top, const Bitmap& bitmap) {
    top_ = top;
    bitmap_ = bitmap;
}

}  // namespace uxfrm
