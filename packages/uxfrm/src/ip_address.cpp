#include "ip_address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

namespace uxfrm {

IpAddress IpAddress::v4(in_addr address) {
    return from_bytes(AF_INET, reinterpret_cast<const uint8_t*>(&address));
}

IpAddress IpAddress::from_bytes(uint16_t family, const uint8_t* bytes) {
    IpAddress result;
    result.family = family;
    std::memcpy(result.bytes.data(), bytes, family == AF_INET6 ? 16 : 4);
    return result;
}

IpAddress IpAddress::from_xfrm(uint16_t family, const xfrm_address_t& address) {
    return from_bytes(family, reinterpret_cast<const uint8_t*>(&address));
}

xfrm_address_t IpAddress::to_xfrm() const {
    xfrm_address_t address{};
    std::memcpy(&address, bytes.data(), sizeof(address));
    return address;
}

in_addr IpAddress::to_v4() const {
    in_addr address{};
    std::memcpy(&address, bytes.data(), sizeof(address));
    return address;
}

bool IpAddress::is_any() const {
    return std::all_of(bytes.begin(), bytes.end(), [](uint8_t b) { return b == 0; });
}

std::string IpAddress::text() const {
    char buffer[INET6_ADDRSTRLEN] = "";
    if (family != AF_INET && family != AF_INET6) return "unspecified";
    inet_ntop(family, bytes.data(), buffer, sizeof(buffer));
    return buffer;
}

bool prefix_equal(const IpAddress& a, const IpAddress& b, unsigned prefix_length) {
    const unsigned whole = std::min(prefix_length / 8, 16u);
    if (std::memcmp(a.bytes.data(), b.bytes.data(), whole) != 0) return false;
    const unsigned rest = prefix_length % 8;
    if (rest == 0 || whole == 16) return true;
    const auto mask = static_cast<uint8_t>(0xff00 >> rest);
    return ((a.bytes[whole] ^ b.bytes[whole]) & mask) == 0;
}

}  // namespace uxfrm
