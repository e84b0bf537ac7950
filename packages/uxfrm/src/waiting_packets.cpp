#include "waiting_packets.h"

#include <utility>

namespace uxfrm {

WaitingPackets::~WaitingPackets() {
    while (!packets_.empty()) drop_oldest();
}

void WaitingPackets::add(const VirtioHeader& header, ByteView packet, uint64_t now) {
    const auto full = [&] {
        return packets_.size() >= max_packets || bytes_ + packet.size > max_bytes || *total_ + packet.size > max_total_bytes;
    };
    while (!packets_.empty() && full()) drop_oldest();
    if (full()) return drops_.add(Drop::out_no_states);  // other policies have taken it all
    packets_.push_back({header, std::vector<uint8_t>(packet.data, packet.data + packet.size), now});
    bytes_ += packet.size;
    *total_ += packet.size;
}

void WaitingPackets::expire(uint64_t now) {
    while (!packets_.empty() && now - packets_.front().since >= max_seconds) drop_oldest();
}

std::deque<WaitingPackets::Packet> WaitingPackets::take() {
    *total_ -= std::exchange(bytes_, 0);
    return std::exchange(packets_, {});
}

void WaitingPackets::drop_oldest() {
    const size_t size = packets_.front().bytes.size();
    packets_.pop_front();
    bytes_ -= size;
    *total_ -= size;
    drops_.add(Drop::out_no_states);
}

}  // namespace uxfrm
