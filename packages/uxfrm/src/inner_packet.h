#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "ip_address.h"

namespace uxfrm {

/** The fields of an inner IP packet that traffic selectors and the segmenter look at. */
struct InnerPacket {
    uint8_t version = 0;
    uint8_t protocol = 0;
    /** Ports as on the wire; type and code for ICMP, as the kernel's flowi does; 0 in fragments. */
    uint16_t source_port = 0;
    uint16_t destination_port = 0;
    bool fragment = false;
    /** Always true for IPv6, which has no fragments on the way. */
    bool dont_fragment = false;
    /** Traffic class / TOS byte. */
    uint8_t tos = 0;
    size_t transport_offset = 0;
    /** Length by the IP header, at most what was given: what is behind is TFC padding (RFC 4303 section 2.7). */
    size_t length = 0;
    IpAddress source;
    IpAddress destination;
};

/** Checks and reads the headers of an IPv4 or IPv6 packet; nothing when they do not fit the bytes given. */
std::optional<InnerPacket> parse_inner_packet(const uint8_t* data, size_t size);

}  // namespace uxfrm
