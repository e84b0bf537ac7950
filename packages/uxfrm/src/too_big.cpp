#include "too_big.h"

#include <netinet/in.h>

#include <algorithm>
#include <cstring>

#include "checksum.h"

namespace uxfrm {
namespace {

constexpr size_t ipv4_header = 20;
constexpr size_t ipv6_header = 40;
constexpr size_t icmp_header = 8;
/** RFC 1812 section 4.3.2.3. */
constexpr size_t ipv4_reply_limit = 576;
constexpr uint8_t reply_ttl = 64;
constexpr uint8_t destination_unreachable = 3;
constexpr uint8_t fragmentation_needed = 4;
constexpr uint8_t packet_too_big = 2;
/** RFC 1812 section 4.3.2.5: errors go out with precedence "internetwork control". */
constexpr uint8_t internetwork_control = 0xc0;

bool is_unicast(const IpAddress& address) {
    if (address.is_any()) return false;
    return address.family == AF_INET6 ? address.bytes[0] != 0xff : address.bytes[0] < 224;
}

/** Errors, and what we do not know to be none: an answer to an error could go round for ever. */
bool is_icmp_error(const InnerPacket& inner) {
    const uint16_t type = inner.source_port;
    if (inner.version == 6) return inner.protocol == IPPROTO_ICMPV6 && type < 128;
    return inner.protocol == IPPROTO_ICMP && (type == 3 || type == 4 || type == 5 || type == 11 || type == 12);
}

bool may_be_answered(const uint8_t* packet, const InnerPacket& inner) {
    const bool later_fragment = inner.version == 4 && (load_be16(packet + 6) & 0x1fff) != 0;
    return !later_fragment && !is_icmp_error(inner) && is_unicast(inner.source) && is_unicast(inner.destination);
}

}  // namespace

TooBigReply::TooBigReply(const uint8_t* packet, const InnerPacket& inner, size_t mtu) {
    if (!may_be_answered(packet, inner)) return;
    if (inner.version == 4)
        build_ipv4(packet, inner, mtu);
    else
        build_ipv6(packet, inner, std::max(mtu, ipv6_minimum_mtu));
}

void TooBigReply::build_ipv4(const uint8_t* packet, const InnerPacket& inner, size_t mtu) {
    const size_t quoted = std::min(inner.length, ipv4_reply_limit - ipv4_header - icmp_header);
    length_ = ipv4_header + icmp_header + quoted;
    uint8_t* ip = buffer_.data();
    uint8_t* icmp = ip + ipv4_header;
    ip[0] = 0x45;
    ip[1] = internetwork_control;
    store_be16(ip + 2, static_cast<uint16_t>(length_));
    ip[8] = reply_ttl;
    ip[9] = IPPROTO_ICMP;
    std::memcpy(ip + 12, packet + 16, 4);
    std::memcpy(ip + 16, packet + 12, 4);
    set_ipv4_checksum(ip, ipv4_header);
    icmp[0] = destination_unreachable;
    icmp[1] = fragmentation_needed;
    store_be16(icmp + 6, static_cast<uint16_t>(mtu));
    std::memcpy(icmp + icmp_header, packet, quoted);
    const uint16_t sum = checksum_finish(checksum_sum(icmp, icmp_header + quoted));
    std::memcpy(icmp + 2, &sum, sizeof(sum));
}

void TooBigReply::build_ipv6(const uint8_t* packet, const InnerPacket& inner, size_t mtu) {
    const size_t quoted = std::min(inner.length, ipv6_minimum_mtu - ipv6_header - icmp_header);
    length_ = ipv6_header + icmp_header + quoted;
    uint8_t* ip = buffer_.data();
    uint8_t* icmp = ip + ipv6_header;
    ip[0] = 0x60;
    store_be16(ip + 4, static_cast<uint16_t>(icmp_header + quoted));
    ip[6] = IPPROTO_ICMPV6;
    ip[7] = reply_ttl;
    std::memcpy(ip + 8, packet + 24, 16);
    std::memcpy(ip + 24, packet + 8, 16);
    icmp[0] = packet_too_big;
    store_be32(icmp + 4, static_cast<uint32_t>(mtu));
    std::memcpy(icmp + icmp_header, packet, quoted);
    const uint64_t pseudo = pseudo_header_sum(ip, IPPROTO_ICMPV6, icmp_header + quoted);
    const uint16_t sum = checksum_finish(pseudo + checksum_sum(icmp, icmp_header + quoted));
    std::memcpy(icmp + 2, &sum, sizeof(sum));
}

}  // namespace uxfrm
