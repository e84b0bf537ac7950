#include "inner_packet.h"

#include <netinet/in.h>

#include "bytes.h"

namespace uxfrm {
namespace {

constexpr size_t ipv4_header = 20;
constexpr size_t ipv6_header = 40;
constexpr int max_extension_headers = 8;

void read_ports(InnerPacket& packet, const uint8_t* data) {
    if (packet.fragment) return;
    const size_t available = packet.length - packet.transport_offset;
    const uint8_t* transport = data + packet.transport_offset;
    switch (packet.protocol) {
        case IPPROTO_TCP:
        case IPPROTO_UDP:
        case IPPROTO_UDPLITE:
        case IPPROTO_SCTP:
        case IPPROTO_DCCP:
            if (available < 4) return;
            packet.source_port = load_be16(transport);
            packet.destination_port = load_be16(transport + 2);
            return;
        case IPPROTO_ICMP:
        case IPPROTO_ICMPV6:
            if (available < 2) return;
            packet.source_port = transport[0];
            packet.destination_port = transport[1];
            return;
        default: return;
    }
}

std::optional<InnerPacket> parse_ipv4(const uint8_t* data, size_t size) {
    if (size < ipv4_header) return std::nullopt;
    InnerPacket packet;
    packet.version = 4;
    packet.transport_offset = (data[0] & 0x0f) * 4u;
    packet.length = load_be16(data + 2);
    if (packet.transport_offset < ipv4_header || packet.length < packet.transport_offset || packet.length > size)
        return std::nullopt;
    packet.tos = data[1];
    packet.dont_fragment = (load_be16(data + 6) & 0x4000) != 0;
    packet.fragment = (load_be16(data + 6) & 0x3fff) != 0;
    packet.protocol = data[9];
    packet.source = IpAddress::from_bytes(AF_INET, data + 12);
    packet.destination = IpAddress::from_bytes(AF_INET, data + 16);
    return packet;
}

/** Walks the extension headers, RFC 8200 section 4; false when one is cut off or there are too many. */
bool skip_extension_headers(InnerPacket& packet, const uint8_t* data) {
    for (int i = 0; i < max_extension_headers; ++i) {
        const size_t available = packet.length - packet.transport_offset;
        const uint8_t* header = data + packet.transport_offset;
        size_t length = 0;
        switch (packet.protocol) {
            case IPPROTO_HOPOPTS:
            case IPPROTO_ROUTING:
            case IPPROTO_DSTOPTS:
                if (available < 8) return false;
                length = (header[1] + 1u) * 8;
                break;
            case IPPROTO_FRAGMENT:
                if (available < 8) return false;
                length = 8;
                packet.fragment = packet.fragment || (load_be16(header + 2) & 0xfff9) != 0;
                break;
            default: return true;
        }
        if (length > available) return false;
        packet.protocol = header[0];
        packet.transport_offset += length;
        if (packet.fragment) return true;
    }
    return false;
}

std::optional<InnerPacket> parse_ipv6(const uint8_t* data, size_t size) {
    if (size < ipv6_header) return std::nullopt;
    InnerPacket packet;
    packet.version = 6;
    packet.dont_fragment = true;
    packet.transport_offset = ipv6_header;
    packet.length = ipv6_header + load_be16(data + 4);
    if (packet.length > size) return std::nullopt;
    packet.tos = static_cast<uint8_t>(load_be16(data) >> 4);
    packet.protocol = data[6];
    packet.source = IpAddress::from_bytes(AF_INET6, data + 8);
    packet.destination = IpAddress::from_bytes(AF_INET6, data + 24);
    if (!skip_extension_headers(packet, data)) return std::nullopt;
    return packet;
}

}  // namespace

std::optional<InnerPacket> parse_inner_packet(const uint8_t* data, size_t size) {
    if (size == 0) return std::nullopt;
    const int version = data[0] >> 4;
    auto packet = version == 4 ? parse_ipv4(data, size) : version == 6 ? parse_ipv6(data, size) : std::nullopt;
    if (packet) read_ports(*packet, data);
    return packet;
}

}  // namespace uxfrm
