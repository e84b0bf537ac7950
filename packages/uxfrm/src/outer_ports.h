#pragma once

#include "file_descriptor.h"

namespace uxfrm {

/**
 * UDP port 4500, shared between IKE and ESP (RFC 3948). Both sockets are ours, in one SO_REUSEPORT group with a
 * classic BPF program that reads the non-ESP marker. We keep the IKE socket open after handing it out: were a
 * member to close, the kernel would renumber the group and swap the two.
 */
class OuterPorts {
public:
    /** Throws system_error when the port is taken. */
    OuterPorts();

    int ike_socket() const { return ike_.get(); }
    int esp_socket() const { return esp_.get(); }

private:
    FileDescriptor ike_;
    FileDescriptor esp_;
};

}  // namespace uxfrm
