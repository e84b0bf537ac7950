#pragma once

#include <functional>
#include <optional>

#include "bytes.h"
#include "event_loop.h"
#include "file_descriptor.h"
#include "ip_address.h"

namespace uxfrm {

/**
 * Listens to "fragmentation needed" and "packet too big" from the outer network. The kernel checks them and keeps the
 * path MTUs; all that is taken from them here is the moment to ask it again.
 * For plain ESP over IPv6 the kernel keeps nothing unless a socket asks for errors (rawv6_err). One that carries no
 * packets does that here: on the one that does, errors would get in the way of sending.
 */
class PathWatch {
public:
    using PathChange = std::function<void(const IpAddress& destination)>;

    /** Without the right to do so nothing is watched. */
    PathWatch(EventLoop& loop, PathChange on_change);

private:
    void drain(int socket, uint16_t family);

    PathChange on_change_;
    FileDescriptor icmp4_;
    FileDescriptor icmp6_;
    FileDescriptor esp6_errors_;
};

/**
 * Whom the ESP packet was for that an ICMP message says is too big; nothing when it says something else.
 * `message` is what a raw socket receives: with the IP header for IPv4, without it for IPv6.
 */
std::optional<IpAddress> too_big_destination(uint16_t family, ByteView message);

}  // namespace uxfrm
