#pragma once

#include <array>
#include <vector>

#include "file_descriptor.h"
#include "outer_transport.h"

namespace uxfrm {

/**
 * UDP port 4500 of one family, shared between IKE and the workers' ESP (RFC 3948). All sockets are ours, in one
 * SO_REUSEPORT group with a classic BPF program that reads the non-ESP marker. We keep the IKE socket open after handing
 * it out: were a member to close, the kernel would renumber the group and swap two of them.
 *
 * Among workers the program chooses by the peer's address and port. The SPI would not do: UDP_GRO puts packets of several
 * SAs together when they come from one port, and the order within each has to stay.
 */
struct UdpPort {
    FileDescriptor ike;
    std::vector<FileDescriptor> esp;
};

/** The sockets that face the network. IPv6, and plain ESP, are left out where the host does not let us have them. */
class OuterSockets {
public:
    /** Throws system_error when a port is taken. */
    explicit OuterSockets(size_t workers = 1);

    /** -1 when there is none. */
    int ike_socket(uint16_t family) const { return family == AF_INET6 ? port6_.ike.get() : port4_.ike.get(); }
    OuterDescriptors esp_sockets(size_t worker = 0) const;

private:
    UdpPort port4_;
    UdpPort port6_;
    std::vector<FileDescriptor> esp4_;
    std::vector<FileDescriptor> esp6_;
};

}  // namespace uxfrm
