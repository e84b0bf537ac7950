#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "ip_address.h"
#include "outer_transport.h"
#include "socket_address.h"

namespace uxfrm {

/** One ESP packet; the bytes may be changed and live until the next receive(). */
struct OuterDatagram {
    uint8_t* data;
    size_t length;
    IpAddress source;
    IpAddress destination;
    /** Network byte order; 0 for plain ESP. */
    uint16_t source_port;
    uint8_t tos;
    /** Came in UDP. */
    bool in_udp;
};

/** Receives batches, takes apart what UDP_GRO has put together, and takes the IP header off plain ESP over IPv4. */
class OuterReceiver {
public:
    static constexpr size_t batch = 32;

    explicit OuterReceiver(const OuterDescriptors& sockets);

    /** Appends the packets of one recvmmsg to `out`; false when there was nothing. */
    bool receive(OuterTransport transport, std::vector<OuterDatagram>& out);

private:
    static constexpr size_t buffer_size = 65536;
    /** Buffers exactly 64 KiB apart would compete for the same cache sets. */
    static constexpr size_t buffer_stride = buffer_size + 2112;
    static constexpr size_t control_size = 128;

    struct Slot {
        SocketAddress source;
        iovec data{};
        alignas(cmsghdr) std::array<uint8_t, control_size> control{};
    };

    void prepare(size_t slot);

    const OuterDescriptors sockets_;
    std::unique_ptr<uint8_t[]> buffers_;
    std::array<Slot, batch> slots_;
    std::array<mmsghdr, batch> headers_{};
};

/** Bytes of the IPv4 header in front of what a raw socket received; 0 when they make no sense. */
size_t raw_ipv4_header_length(const uint8_t* packet, size_t length);

}  // namespace uxfrm
