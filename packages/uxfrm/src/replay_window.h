#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace uxfrm {

/**
 * Anti-replay window, RFC 4303 section 3.4.3, with extended sequence numbers after its appendix A2.
 * The bit of sequence number n is (n - 1) mod size, as in the kernel's xfrm_replay_state_esn
 * (net/xfrm/xfrm_replay.c), so that a window can be read and restored over netlink.
 */
class ReplayWindow {
public:
    static constexpr uint32_t max_size = 4096;
    using Bitmap = std::array<uint32_t, max_size / 32>;

    /** Size 0 switches the check off (never together with ESN, see xfrm_init_replay). */
    explicit ReplayWindow(uint32_t size = 0, bool esn = false) : size_(size), esn_(esn) {}

    /** The full sequence number of a packet that carries `low`, or nothing for a replayed or too old one. */
    std::optional<uint64_t> check(uint32_t low) const;

    /** Records a packet that passed the integrity check; `sequence` comes from check(). */
    void advance(uint64_t sequence);

    uint64_t top() const { return top_; }
    uint32_t size() const { return size_; }
    bool esn() const { return esn_; }

    const Bitmap& bitmap() const { return bitmap_; }
    void restore(uint64_t top, const Bitmap& bitmap);

private:
    std::optional<uint64_t> extend(uint32_t low) const;
    uint32_t position(uint64_t sequence) const { return static_cast<uint32_t>((sequence - 1) % size_); }
    bool seen(uint64_t sequence) const { return (bitmap_[position(sequence) / 32] >> (position(sequence) % 32)) & 1; }
    void mark(uint64_t sequence) { bitmap_[position(sequence) / 32] |= 1u << (position(sequence) % 32); }
    void clear(uint64_t sequence) { bitmap_[position(sequence) / 32] &= ~(1u << (position(sequence) % 32)); }

    uint32_t size_;
    bool esn_;
    uint64_t top_ = 0;
    Bitmap bitmap_{};
};

}  // namespace uxfrm
