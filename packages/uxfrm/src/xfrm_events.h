#pragma once

#include "inner_packet.h"
#include "security_association.h"
#include "spd.h"

namespace uxfrm {

/** What packets tell IKE, on the kernel's XFRM multicast groups. */
class PacketEvents {
public:
    virtual ~PacketEvents() = default;
    /** A packet wants an SA that does not exist. */
    virtual void acquire(const Policy& policy, const InnerPacket& packet) = 0;
    /** An authentic packet came from another address or port: a NAT changed its mind (RFC 3947 section 7). */
    virtual void mapping(const SecurityAssociation& sa, const IpAddress& new_source, uint16_t new_port) = 0;
};

/** All that IKE is told. */
class XfrmEvents : public PacketEvents {
public:
    /** `usage`: when the limit was reached; packets may have gone on since. */
    virtual void expire(const SecurityAssociation& sa, const LifetimeUsage& usage, bool hard) = 0;
};

}  // namespace uxfrm
