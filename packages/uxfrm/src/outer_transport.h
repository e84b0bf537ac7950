#pragma once

#include <netinet/in.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace uxfrm {

/** How an ESP packet travels: in UDP (RFC 3948) or as IP protocol 50 (RFC 4303), over IPv4 or IPv6. */
enum class OuterTransport : uint8_t { udp4, udp6, esp4, esp6 };

inline constexpr std::array<OuterTransport, 4> outer_transports = {OuterTransport::udp4, OuterTransport::udp6,
                                                                   OuterTransport::esp4, OuterTransport::esp6};

constexpr OuterTransport outer_transport(uint16_t family, bool in_udp) {
    if (family == AF_INET6) return in_udp ? OuterTransport::udp6 : OuterTransport::esp6;
    return in_udp ? OuterTransport::udp4 : OuterTransport::esp4;
}

constexpr bool is_udp(OuterTransport transport) {
    return transport == OuterTransport::udp4 || transport == OuterTransport::udp6;
}
constexpr bool is_ipv6(OuterTransport transport) {
    return transport == OuterTransport::udp6 || transport == OuterTransport::esp6;
}
constexpr uint16_t family_of(OuterTransport transport) { return is_ipv6(transport) ? AF_INET6 : AF_INET; }
constexpr size_t index_of(OuterTransport transport) { return static_cast<size_t>(transport); }

/** Bytes in front of the ESP header: the IP header, and a UDP header where there is one. */
constexpr size_t outer_header_length(OuterTransport transport) {
    return (is_ipv6(transport) ? 40u : 20u) + (is_udp(transport) ? 8u : 0u);
}

/** One descriptor for each transport; -1 where this host has none. */
using OuterDescriptors = std::array<int, outer_transports.size()>;

}  // namespace uxfrm
