#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

#include "ip_address.h"

namespace uxfrm {

/** A sockaddr of either family. Ports are in network byte order. */
class SocketAddress {
public:
    SocketAddress() = default;
    SocketAddress(const IpAddress& address, uint16_t port) {
        storage_.v4.sin_family = address.family;  // the family and the port stand in the same place in both
        storage_.v4.sin_port = port;
        if (address.family == AF_INET6)
            std::memcpy(&storage_.v6.sin6_addr, address.bytes.data(), sizeof(in6_addr));
        else
            std::memcpy(&storage_.v4.sin_addr, address.bytes.data(), sizeof(in_addr));
    }

    IpAddress address() const {
        const bool v6 = storage_.v4.sin_family == AF_INET6;
        return IpAddress::from_bytes(v6 ? AF_INET6 : AF_INET, v6 ? storage_.v6.sin6_addr.s6_addr
                                                                 : reinterpret_cast<const uint8_t*>(&storage_.v4.sin_addr));
    }
    uint16_t port() const { return storage_.v4.sin_port; }

    sockaddr* get() { return &storage_.any; }
    const sockaddr* get() const { return &storage_.any; }
    socklen_t length() const { return storage_.v4.sin_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in); }
    static constexpr socklen_t capacity() { return sizeof(Storage); }

private:
    union Storage {
        sockaddr_in6 v6;
        sockaddr_in v4;
        sockaddr any;
    };
    Storage storage_{};
};

}  // namespace uxfrm
