#include "outer_ports.h"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "../shim/shim_protocol.h"

namespace uxfrm {
namespace {

constexpr int socket_buffer = 8 << 20;

void require(bool ok, const char* what) {
    if (!ok) throw std::system_error(errno, std::generic_category(), what);
}

void set_option(int fd, int level, int option, int value, const char* what) {
    require(setsockopt(fd, level, option, &value, sizeof(value)) == 0, what);
}

FileDescriptor open_port() {
    FileDescriptor fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDP));
    require(static_cast<bool>(fd), "UDP socket");
    set_option(fd.get(), SOL_SOCKET, SO_REUSEPORT, 1, "SO_REUSEPORT");
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(UXFRM_NATT_PORT);
    require(bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0, "bind of UDP port 4500");
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

}  // namespace

OuterPorts::OuterPorts() : ike_(open_port()), esp_(open_port()) {  // the order gives the numbers 0 and 1 in the group
    attach_demultiplexer(esp_.get());
    set_option(esp_.get(), SOL_IP, IP_PKTINFO, 1, "IP_PKTINFO");
    set_option(esp_.get(), SOL_IP, IP_RECVTOS, 1, "IP_RECVTOS");
    const int on = 1;
    setsockopt(esp_.get(), SOL_UDP, UDP_GRO, &on, sizeof(on));  // without it, packets just come one by one
    force_buffer(esp_.get(), SO_RCVBUFFORCE, SO_RCVBUF);
    force_buffer(esp_.get(), SO_SNDBUFFORCE, SO_SNDBUF);
}

}  // namespace uxfrm
