#pragma once

#include <cstring>

#include "inner_packet.h"
#include "linux_xfrm.h"

namespace uxfrm {

/** A traffic selector of one policy, RFC 4301 section 4.4.1.1, as netlink carries it. */
class Selector {
public:
    Selector() : raw_{} {}
    explicit Selector(const xfrm_selector& raw);

    /** Exact match of the kernel's xfrm_selector_match. */
    bool matches(const InnerPacket& packet) const;

    /** The selector of just this packet's flow: what an ACQUIRE carries. */
    static Selector of_flow(const InnerPacket& packet);

    /** Family, prefix lengths: what verify_newpolicy_info checks. */
    bool valid() const;

    const xfrm_selector& raw() const { return raw_; }
    /** As the kernel's selector_cmp: all bytes. */
    bool operator==(const Selector& other) const { return std::memcmp(&raw_, &other.raw_, sizeof(raw_)) == 0; }

private:
    xfrm_selector raw_;
    IpAddress source_;
    IpAddress destination_;
};

}  // namespace uxfrm
