#pragma once

#include <cstdint>

namespace uxfrm {

/** struct virtio_net_hdr of linux/virtio_net.h, which does not compile as C++. Native byte order on a TUN device. */
struct VirtioHeader {
    static constexpr uint8_t needs_checksum = 1;

    enum Gso : uint8_t { gso_none = 0, gso_tcp4 = 1, gso_tcp6 = 4, gso_udp = 5, gso_ecn = 0x80 };

    uint8_t flags = 0;
    uint8_t gso_type = gso_none;
    uint16_t header_length = 0;
    uint16_t gso_size = 0;
    uint16_t checksum_start = 0;
    uint16_t checksum_offset = 0;
};
static_assert(sizeof(VirtioHeader) == 10);

}  // namespace uxfrm
