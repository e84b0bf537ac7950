#include "outer_sockets.h"

#include <linux/filter.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "../shim/shim_protocol.h"
#include "log.h"
#include "socket_address.h"

namespace uxfrm {
namespace {

constexpr int socket_buffer = 8 << 20;

void require(bool ok, const char* what) {
    if (!ok) throw std::system_error(errno, std::generic_category(), what);
}

void set_option(int fd, int level, int option, int value, const char* what) {
    require(setsockopt(fd, level, option, &value, sizeof(value)) == 0, what);
}

bool host_has_ipv6() { return static_cast<bool>(FileDescriptor(socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0))); }

FileDescriptor bind_port(uint16_t family) {
    FileDescriptor fd(socket(family, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDP));
    require(static_cast<bool>(fd), "UDP socket");
    set_option(fd.get(), SOL_SOCKET, SO_REUSEPORT, 1, "SO_REUSEPORT");
    if (family == AF_INET6) set_option(fd.get(), SOL_IPV6, IPV6_V6ONLY, 1, "IPV6_V6ONLY");
    IpAddress any;
    any.family = family;
    const SocketAddress address(any, htons(UXFRM_NATT_PORT));
    require(bind(fd.get(), address.get(), address.length()) == 0, "bind of UDP port 4500");
    return fd;
}

/** RFC 3948 section 2.2: four zero bytes mark IKE. A shorter datagram (NAT keepalive) ends the program with 0: IKE. */
void attach_demultiplexer(int fd) {
    std::array<sock_filter, 4> program = {{
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0),
        BPF_STMT(BPF_RET | BPF_K, 1),
    }};
    const sock_fprog filter{program.size(), program.data()};
    require(setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &filter, sizeof(filter)) == 0, "SO_ATTACH_REUSEPORT_CBPF");
}

void force_buffer(int fd, int forced, int plain) {
    if (setsockopt(fd, SOL_SOCKET, forced, &socket_buffer, sizeof(socket_buffer)) != 0)
        setsockopt(fd, SOL_SOCKET, plain, &socket_buffer, sizeof(socket_buffer));
}

/** What the receiver needs to know of each packet besides its bytes. */
void ask_for_ancillary_data(int fd, uint16_t family) {
    if (family == AF_INET6) {
        set_option(fd, SOL_IPV6, IPV6_RECVPKTINFO, 1, "IPV6_RECVPKTINFO");
        set_option(fd, SOL_IPV6, IPV6_RECVTCLASS, 1, "IPV6_RECVTCLASS");
    } else {
        set_option(fd, SOL_IP, IP_PKTINFO, 1, "IP_PKTINFO");
        set_option(fd, SOL_IP, IP_RECVTOS, 1, "IP_RECVTOS");
    }
    force_buffer(fd, SO_RCVBUFFORCE, SO_RCVBUF);
    force_buffer(fd, SO_SNDBUFFORCE, SO_SNDBUF);
}

UdpPort open_port(uint16_t family) {
    UdpPort port;
    port.ike = bind_port(family);  // the order gives the numbers 0 and 1 in the group
    port.esp = bind_port(family);
    attach_demultiplexer(port.esp.get());
    ask_for_ancillary_data(port.esp.get(), family);
    const int on = 1;
    setsockopt(port.esp.get(), SOL_UDP, UDP_GRO, &on, sizeof(on));  // without it, packets just come one by one
    return port;
}

FileDescriptor open_plain_esp(uint16_t family) {
    FileDescriptor fd(socket(family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ESP));
    if (!fd) {
        log(LogLevel::error, "plain-esp-unavailable", {{"family", family == AF_INET6 ? 6 : 4}, {"error", strerror(errno)}});
        return fd;
    }
    ask_for_ancillary_data(fd.get(), family);
    return fd;
}

}  // namespace

OuterSockets::OuterSockets() : port4_(open_port(AF_INET)), esp4_(open_plain_esp(AF_INET)) {
    if (!host_has_ipv6()) return;
    port6_ = open_port(AF_INET6);
    esp6_ = open_plain_esp(AF_INET6);
}

OuterDescriptors OuterSockets::esp_sockets() const {
    OuterDescriptors descriptors;
    descriptors[index_of(OuterTransport::udp4)] = port4_.esp.get();
    descriptors[index_of(OuterTransport::udp6)] = port6_.esp.get();
    descriptors[index_of(OuterTransport::esp4)] = esp4_.get();
    descriptors[index_of(OuterTransport::esp6)] = esp6_.get();
    return descriptors;
}

}  // namespace uxfrm
