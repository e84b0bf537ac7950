#pragma once

#include <array>

#include "file_descriptor.h"
#include "outer_transport.h"

namespace uxfrm {

/**
 * UDP port 4500 of one family, shared between IKE and ESP (RFC 3948). Both sockets are ours, in one SO_REUSEPORT
 * group with a classic BPF program that reads the non-ESP marker. We keep the IKE socket open after handing it
 * out: were a member to close, the kernel would renumber the group and swap the two.
 */
struct UdpPort {
    FileDescriptor ike;
    FileDescriptor esp;
};

/** The sockets that face the network. IPv6, and plain ESP, are left out where the host does not let us have them. */
class OuterSockets {
public:
    /** Throws system_error when a port is taken. */
    OuterSockets();

    /** -1 when there is none. */
    int ike_socket(uint16_t family) const { return family == AF_INET6 ? port6_.ike.get() : port4_.ike.get(); }
    OuterDescriptors esp_sockets() const;

private:
    UdpPort port4_;
    UdpPort port6_;
    FileDescriptor esp4_;
    FileDescriptor esp6_;
};

}  // namespace uxfrm
