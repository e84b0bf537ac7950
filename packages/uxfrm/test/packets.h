#pragma once

#include <arpa/inet.h>

#include <string>

#include "bytes.h"
#include "checksum.h"
#include "hex.h"
#include "ip_address.h"

namespace uxfrm {

inline IpAddress address(const std::string& text) {
    const uint16_t family = text.find(':') == std::string::npos ? AF_INET : AF_INET6;
    uint8_t bytes[16] = {};
    inet_pton(family, text.c_str(), bytes);
    return IpAddress::from_bytes(family, bytes);
}

/** A valid IP packet around an L4 segment whose checksum field (at `checksum_at`) is still zero. */
inline Bytes ip_packet(const std::string& source, const std::string& destination, uint8_t protocol, Bytes l4,
                       size_t checksum_at, uint16_t id = 1, uint8_t tos = 0) {
    const IpAddress from = address(source);
    const IpAddress to = address(destination);
    const bool v4 = from.family == AF_INET;
    Bytes packet(v4 ? 20 : 40);
    if (v4) {
        packet[0] = 0x45;
        packet[1] = tos;
        store_be16(&packet[2], static_cast<uint16_t>(20 + l4.size()));
        store_be16(&packet[4], id);
        packet[8] = 64;
        packet[9] = protocol;
        std::memcpy(&packet[12], from.bytes.data(), 4);
        std::memcpy(&packet[16], to.bytes.data(), 4);
        set_ipv4_checksum(packet.data(), 20);
    } else {
        store_be16(&packet[0], static_cast<uint16_t>(0x6000 | tos << 4));
        store_be16(&packet[4], static_cast<uint16_t>(l4.size()));
        packet[6] = protocol;
        packet[7] = 64;
        std::memcpy(&packet[8], from.bytes.data(), 16);
        std::memcpy(&packet[24], to.bytes.data(), 16);
    }
    uint16_t sum = checksum_finish(pseudo_header_sum(packet.data(), protocol, l4.size()) + checksum_sum(l4.data(), l4.size()));
    if (sum == 0 && protocol == IPPROTO_UDP) sum = 0xffff;
    std::memcpy(&l4[checksum_at], &sum, sizeof(sum));
    return packet + l4;
}

struct TcpFields {
    uint32_t sequence = 1;
    uint32_t acknowledgement = 77;
    uint8_t flags = 0x10;
    uint16_t window = 512;
    Bytes options;
};

inline Bytes payload_bytes(size_t length, uint8_t seed = 0) {
    Bytes payload(length);
    for (size_t i = 0; i < length; ++i) payload[i] = static_cast<uint8_t>(i * 7 + seed + i / 251);
    return payload;
}

inline Bytes tcp_packet(const std::string& source, const std::string& destination, const TcpFields& fields,
                        const Bytes& payload, uint16_t id = 1, uint8_t tos = 0) {
    Bytes tcp(20);
    store_be16(&tcp[0], 40000);
    store_be16(&tcp[2], 443);
    store_be32(&tcp[4], fields.sequence);
    store_be32(&tcp[8], fields.acknowledgement);
    tcp[12] = static_cast<uint8_t>((20 + fields.options.size()) / 4 << 4);
    tcp[13] = fields.flags;
    store_be16(&tcp[14], fields.window);
    return ip_packet(source, destination, IPPROTO_TCP, tcp + fields.options + payload, 16, id, tos);
}

inline Bytes udp_packet(const std::string& source, const std::string& destination, const Bytes& payload,
                        uint16_t id = 1, uint16_t source_port = 5000) {
    Bytes udp(8);
    store_be16(&udp[0], source_port);
    store_be16(&udp[2], 53);
    store_be16(&udp[4], static_cast<uint16_t>(8 + payload.size()));
    return ip_packet(source, destination, IPPROTO_UDP, udp + payload, 6, id);
}

/** Whether the IPv4 header and the TCP or UDP checksums are right. */
inline bool checksums_ok(const Bytes& packet) {
    const bool v4 = packet[0] >> 4 == 4;
    const size_t offset = v4 ? 20 : 40;
    if (v4 && checksum_finish(checksum_sum(packet.data(), 20)) != 0) return false;
    const uint8_t protocol = packet[v4 ? 9 : 6];
    return checksum_finish(pseudo_header_sum(packet.data(), protocol, packet.size() - offset) +
                           checksum_sum(packet.data() + offset, packet.size() - offset)) == 0;
}

}  // namespace uxfrm
