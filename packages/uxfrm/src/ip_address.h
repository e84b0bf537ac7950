#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "linux_xfrm.h"

namespace uxfrm {

/** An IPv4 or IPv6 address in network order; the bytes behind an IPv4 address are zero. */
struct IpAddress {
    uint16_t family = AF_UNSPEC;
    std::array<uint8_t, 16> bytes{};

    static IpAddress v4(in_addr address);
    static IpAddress from_bytes(uint16_t family, const uint8_t* bytes);
    static IpAddress from_xfrm(uint16_t family, const xfrm_address_t& address);

    xfrm_address_t to_xfrm() const;
    in_addr to_v4() const;
    bool is_any() const;
    std::string text() const;

    bool operator==(const IpAddress& other) const { return family == other.family && bytes == other.bytes; }
    bool operator!=(const IpAddress& other) const { return !(*this == other); }
};

/** True when the first `prefix_length` bits are equal. The caller has compared the families. */
bool prefix_equal(const IpAddress& a, const IpAddress& b, unsigned prefix_length);

}  // namespace uxfrm
