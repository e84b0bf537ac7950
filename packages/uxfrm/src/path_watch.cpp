#include "path_watch.h"

#include <linux/filter.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>

#include "../shim/shim_protocol.h"
#include "log.h"
#include "outer_receiver.h"

namespace uxfrm {
namespace {

/** ICMP_FILTER of linux/icmp.h, which does not go together with netinet/ip_icmp.h. */
constexpr int icmp_filter_option = 1;
constexpr size_t icmp_header = 8;
constexpr int messages_per_turn = 64;

bool is_ours(uint8_t protocol, ByteView transport) {
    if (protocol == IPPROTO_ESP) return true;
    return protocol == IPPROTO_UDP && transport.size >= 2 && load_be16(transport.data) == UXFRM_NATT_PORT;
}

ByteView behind(ByteView bytes, size_t length) {
    return length > bytes.size ? ByteView{} : ByteView{bytes.data + length, bytes.size - length};
}

std::optional<IpAddress> quoted_destination4(ByteView quoted) {
    const size_t header = raw_ipv4_header_length(quoted.data, quoted.size);
    if (header == 0 || !is_ours(quoted.data[9], behind(quoted, header))) return std::nullopt;
    return IpAddress::from_bytes(AF_INET, quoted.data + 16);
}

std::optional<IpAddress> quoted_destination6(ByteView quoted) {
    constexpr size_t header = 40;
    if (quoted.size < header || quoted.data[0] >> 4 != 6 || !is_ours(quoted.data[6], behind(quoted, header))) return std::nullopt;
    return IpAddress::from_bytes(AF_INET6, quoted.data + 24);
}

FileDescriptor open_icmp(uint16_t family) {
    FileDescriptor fd(socket(family, SOCK_RAW | SOCK_CLOEXEC, family == AF_INET6 ? int{IPPROTO_ICMPV6} : int{IPPROTO_ICMP}));
    if (!fd) return fd;
    if (family == AF_INET6) {
        icmp6_filter filter;
        ICMP6_FILTER_SETBLOCKALL(&filter);
        ICMP6_FILTER_SETPASS(ICMP6_PACKET_TOO_BIG, &filter);
        setsockopt(fd.get(), SOL_ICMPV6, ICMP6_FILTER, &filter, sizeof(filter));
    } else {
        const uint32_t blocked = ~(1u << ICMP_DEST_UNREACH);
        setsockopt(fd.get(), SOL_RAW, icmp_filter_option, &blocked, sizeof(blocked));
    }
    return fd;
}

/** Its queue of errors is never read: when it is full the kernel goes on learning all the same. */
FileDescriptor open_esp6_errors() {
    FileDescriptor fd(socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ESP));
    if (!fd) return fd;
    sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
    const sock_fprog filter{1, &nothing};
    const int on = 1;
    if (setsockopt(fd.get(), SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)) != 0) return FileDescriptor();
    setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUF, &on, sizeof(on));  // the smallest there is
    setsockopt(fd.get(), SOL_IPV6, IPV6_RECVERR, &on, sizeof(on));
    return fd;
}

}  // namespace

std::optional<IpAddress> too_big_destination(uint16_t family, ByteView message) {
    if (family == AF_INET6) {
        if (message.size < icmp_header || message.data[0] != ICMP6_PACKET_TOO_BIG) return std::nullopt;
        return quoted_destination6(behind(message, icmp_header));
    }
    const size_t ip_header = raw_ipv4_header_length(message.data, message.size);
    if (ip_header == 0 || message.size < ip_header + icmp_header) return std::nullopt;
    const uint8_t* icmp = message.data + ip_header;
    if (icmp[0] != ICMP_DEST_UNREACH || icmp[1] != ICMP_FRAG_NEEDED) return std::nullopt;
    return quoted_destination4(behind(message, ip_header + icmp_header));
}

PathWatch::PathWatch(EventLoop& loop, PathChange on_change)
    : on_change_(std::move(on_change)), icmp4_(open_icmp(AF_INET)), icmp6_(open_icmp(AF_INET6)),
      esp6_errors_(open_esp6_errors()) {
    if (icmp4_) loop.watch(icmp4_.get(), EPOLLIN, [this](uint32_t) { drain(icmp4_.get(), AF_INET); });
    if (icmp6_) loop.watch(icmp6_.get(), EPOLLIN, [this](uint32_t) { drain(icmp6_.get(), AF_INET6); });
}

void PathWatch::drain(int socket, uint16_t family) {
    std::array<uint8_t, 2048> buffer;
    for (int i = 0; i < messages_per_turn; ++i) {
        const ssize_t length = recv(socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (length < 0) return;
        const auto destination = too_big_destination(family, {buffer.data(), static_cast<size_t>(length)});
        if (destination) on_change_(*destination);
    }
}

}  // namespace uxfrm
