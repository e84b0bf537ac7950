#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "bytes.h"
#include "drop_counters.h"
#include "virtio_header.h"

namespace uxfrm {

/**
 * Packets of one policy that wait while IKE negotiates its SA, as the kernel's policy hold queue (xfrm_policy_queue).
 * Bounded for each policy and, in bytes, over all; the oldest goes first. What goes unsent counts as XfrmOutNoStates.
 */
class WaitingPackets {
public:
    static constexpr size_t max_packets = 32;
    static constexpr size_t max_bytes = 256 << 10;
    static constexpr size_t max_total_bytes = 4 << 20;
    static constexpr uint64_t max_seconds = 10;

    struct Packet {
        VirtioHeader header;
        std::vector<uint8_t> bytes;
        uint64_t since = 0;
    };

    /** `total` counts the bytes of all queues. */
    WaitingPackets(std::shared_ptr<size_t> total, DropCounters& drops) : total_(std::move(total)), drops_(drops) {}
    ~WaitingPackets();
    WaitingPackets(const WaitingPackets&) = delete;
    WaitingPackets& operator=(const WaitingPackets&) = delete;

    void add(const VirtioHeader& header, ByteView packet, uint64_t now);
    /** Drops what has waited too long. */
    void expire(uint64_t now);
    /** Everything, in order; leaves the queue empty. */
    std::deque<Packet> take();

    bool empty() const { return packets_.empty(); }

private:
    void drop_oldest();

    std::shared_ptr<size_t> total_;
    DropCounters& drops_;
    std::deque<Packet> packets_;
    size_t bytes_ = 0;
};

}  // namespace uxfrm
