#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "inner_packet.h"
#include "virtio_header.h"

namespace uxfrm {

/**
 * Software TSO and USO: cuts a super-packet read from a TUN device into the packets it stands for and completes
 * their checksums (net/ipv4/tcp_offload.c, udp_offload.c). A packet without GSO is one segment.
 * The virtio header is not trusted: plan() checks it against the packet.
 */
class Segmenter {
public:
    /** Nothing when header and packet contradict each other. `packet` must outlive the plan. */
    static std::optional<Segmenter> plan(const VirtioHeader& header, const uint8_t* packet, const InnerPacket& inner);

    size_t count() const { return count_; }
    size_t length(size_t index) const;
    /** Writes segment `index`, length(index) bytes. */
    void write(size_t index, uint8_t* out) const;

private:
    enum class Kind { whole, whole_with_checksum, tcp, udp };

    Segmenter(const uint8_t* packet, const InnerPacket& inner) : packet_(packet), inner_(inner) {}

    size_t payload_length(size_t index) const;
    void complete_whole(uint8_t* out) const;
    void fix_ip(size_t index, size_t length, uint8_t* out) const;
    void fix_tcp(size_t index, uint8_t* tcp) const;
    void fix_udp(size_t length, uint8_t* udp) const;
    void fix_l4_checksum(size_t length, uint8_t* out) const;

    const uint8_t* packet_;
    InnerPacket inner_;
    Kind kind_ = Kind::whole;
    size_t header_length_ = 0;
    size_t segment_size_ = 0;
    size_t count_ = 1;
    size_t checksum_start_ = 0;
    size_t checksum_offset_ = 0;
};

}  // namespace uxfrm
