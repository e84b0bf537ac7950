#include "outer_sockets.h"

#include <linux/filter.h>
#include <netinet/udp.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>
#include <utility>

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

using Program = std::vector<sock_filter>;

void attach(int fd, int option, Program program, const char* what) {
    const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
    require(setsockopt(fd, SOL_SOCKET, option, &filter, sizeof(filter)) == 0, what);
}

/** What is in the packet at `offset`, counted from its IP header. */
constexpr uint32_t in_ip_header(int offset) { return static_cast<uint32_t>(SKF_NET_OFF + offset); }

/** Leaves in A where the source port is; the part of the address that differs most goes to M[0]. */
Program load_peer(uint16_t family) {
    if (family == AF_INET6)
        return {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, in_ip_header(20)), BPF_STMT(BPF_ST, 0), BPF_STMT(BPF_LD | BPF_H | BPF_ABS, in_ip_header(40))};
    return {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, in_ip_header(12)), BPF_STMT(BPF_ST, 0),
            BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, in_ip_header(0)), BPF_STMT(BPF_LD | BPF_H | BPF_IND, in_ip_header(0))};
}

/** RFC 3948 section 2.2: four zero bytes mark IKE. A shorter datagram (NAT keepalive) ends the program with 0: IKE. */
void attach_demultiplexer(int fd, uint16_t family, size_t workers) {
    Program program = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0),
    };
    if (workers == 1) {
        program.push_back(BPF_STMT(BPF_RET | BPF_K, 1));
    } else {
        const Program peer = load_peer(family);
        program.insert(program.end(), peer.begin(), peer.end());
        const Program choose = {
            BPF_STMT(BPF_LDX | BPF_MEM, 0),
            BPF_STMT(BPF_ALU | BPF_ADD | BPF_X, 0),
            BPF_STMT(BPF_ALU | BPF_MUL | BPF_K, 0x9e3779b1),  // neighbours far apart
            BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 16),
            BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, static_cast<uint32_t>(workers)),
            BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 1),
            BPF_STMT(BPF_RET | BPF_A, 0),
        };
        program.insert(program.end(), choose.begin(), choose.end());
    }
    attach(fd, SO_ATTACH_REUSEPORT_CBPF, std::move(program), "SO_ATTACH_REUSEPORT_CBPF");
}

/** Every raw socket gets every packet; each worker's keeps the SPIs that are its share. */
void keep_share(int fd, uint16_t family, size_t worker, size_t workers) {
    constexpr uint32_t all = 0x40000;
    Program program;
    if (family == AF_INET)  // the IP header comes first, and only here
        program = {BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0), BPF_STMT(BPF_LD | BPF_W | BPF_IND, 0)};
    else
        program = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0)};
    const Program rest = {
        BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, static_cast<uint32_t>(workers)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<uint32_t>(worker), 0, 1),
        BPF_STMT(BPF_RET | BPF_K, all),
        BPF_STMT(BPF_RET | BPF_K, 0),
    };
    program.insert(program.end(), rest.begin(), rest.end());
    attach(fd, SO_ATTACH_FILTER, std::move(program), "SO_ATTACH_FILTER");
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

UdpPort open_port(uint16_t family, size_t workers) {
    UdpPort port;
    port.ike = bind_port(family);  // the order gives the numbers in the group: 0 for IKE, then the workers
    for (size_t worker = 0; worker < workers; ++worker) port.esp.push_back(bind_port(family));
    attach_demultiplexer(port.ike.get(), family, workers);
    for (const FileDescriptor& esp : port.esp) {
        ask_for_ancillary_data(esp.get(), family);
        const int on = 1;
        setsockopt(esp.get(), SOL_UDP, UDP_GRO, &on, sizeof(on));  // without it, packets just come one by one
    }
    return port;
}

/** Empty where we may not have them. */
std::vector<FileDescriptor> open_plain_esp(uint16_t family, size_t workers) {
    std::vector<FileDescriptor> sockets;
    for (size_t worker = 0; worker < workers; ++worker) {
        FileDescriptor fd(socket(family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ESP));
        if (!fd) {
            log(LogLevel::error, "plain-esp-unavailable", {{"family", family == AF_INET6 ? 6 : 4}, {"error", strerror(errno)}});
            return {};
        }
        if (workers > 1) keep_share(fd.get(), family, worker, workers);
        ask_for_ancillary_data(fd.get(), family);
        sockets.push_back(std::move(fd));
    }
    return sockets;
}

int descriptor_of(const std::vector<FileDescriptor>& sockets, size_t worker) {
    return worker < sockets.size() ? sockets[worker].get() : -1;
}

}  // namespace

OuterSockets::OuterSockets(size_t workers) : port4_(open_port(AF_INET, workers)), esp4_(open_plain_esp(AF_INET, workers)) {
    if (!host_has_ipv6()) return;
    port6_ = open_port(AF_INET6, workers);
    esp6_ = open_plain_esp(AF_INET6, workers);
}

OuterDescriptors OuterSockets::esp_sockets(size_t worker) const {
    OuterDescriptors descriptors;
    descriptors[index_of(OuterTransport::udp4)] = descriptor_of(port4_.esp, worker);
    descriptors[index_of(OuterTransport::udp6)] = descriptor_of(port6_.esp, worker);
    descriptors[index_of(OuterTransport::esp4)] = descriptor_of(esp4_, worker);
    descriptors[index_of(OuterTransport::esp6)] = descriptor_of(esp6_, worker);
    return descriptors;
}

}  // namespace uxfrm
