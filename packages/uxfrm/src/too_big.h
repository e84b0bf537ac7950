#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "bytes.h"
#include "inner_packet.h"

namespace uxfrm {

/**
 * "Fragmentation needed" (RFC 792, RFC 1191 section 4) or "packet too big" (RFC 4443 section 3.2) for an inner packet
 * that its SA cannot carry. It comes from the packet's own destination: an address inside the tunnel's selectors
 * that is routed through the tunnel's device and is never one of the host's own.
 */
class TooBigReply {
public:
    /** Empty where ICMP must stay silent (RFC 1122 section 3.2.2, RFC 4443 section 2.4 (e)). */
    TooBigReply(const uint8_t* packet, const InnerPacket& inner, size_t mtu);

    ByteView bytes() const { return {length_ == 0 ? nullptr : buffer_.data(), length_}; }

private:
    void build_ipv4(const uint8_t* packet, const InnerPacket& inner, size_t mtu);
    void build_ipv6(const uint8_t* packet, const InnerPacket& inner, size_t mtu);

    std::array<uint8_t, 1280> buffer_{};
    size_t length_ = 0;
};

/** What every IPv6 link carries, RFC 8200 section 5; a packet up to this length gets no "packet too big". */
inline constexpr size_t ipv6_minimum_mtu = 1280;

}  // namespace uxfrm
