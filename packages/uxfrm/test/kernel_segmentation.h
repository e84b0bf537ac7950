#pragma once

#include <arpa/inet.h>
#include <linux/if_tun.h>
#include <linux/ipv6.h>
#include <net/if.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/uio.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <string>

#include "packets.h"
#include "private_network.h"
#include "virtio_header.h"

namespace uxfrm {

/**
 * The kernel's own GSO as a function: a super-packet goes in at a TUN device that says it may be one, is forwarded, and
 * has to leave by a TUN device without any offload. What is forwarded has a hop limit lower by one.
 * Routes 10.1.0.0/24 and fd01::/64 to the way in, 10.2.0.0/24 and fd02::/64 to the way out. Needs root.
 */
class KernelSegmentation {
public:
    KernelSegmentation() {
        if (!network_) return;
        in_ = open_tun("gso-in", IFF_VNET_HDR);
        out_ = open_tun("gso-out", 0);
        udp_ = offer(TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN | uso4 | uso6);
        if (!udp_ && !offer(TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN)) abort();
        write_setting("/proc/sys/net/ipv4/ip_forward");
        write_setting("/proc/sys/net/ipv6/conf/all/forwarding");
        bring_up("gso-in", "10.1.0.254", "fd01::fe");
        bring_up("gso-out", "10.2.0.254", "fd02::fe");
    }

    explicit operator bool() const { return static_cast<bool>(network_); }

    /** Whether it cuts UDP as well (since Linux 6.2). */
    bool cuts_udp() const { return udp_; }

    /** What leaves for `packet`, in order; waits until there are `expected` packets. */
    std::vector<Bytes> forward(const VirtioHeader& header, const Bytes& packet, size_t expected) {
        VirtioHeader copy = header;
        const iovec parts[2] = {{&copy, sizeof(copy)}, {const_cast<uint8_t*>(packet.data()), packet.size()}};
        if (writev(in_.get(), parts, 2) != static_cast<ssize_t>(sizeof(copy) + packet.size())) return {};
        std::vector<Bytes> packets;
        while (packets.size() < expected && read_one(packets, patience_ms)) {}
        while (read_one(packets, 0)) {}
        return packets;
    }

private:
    static constexpr int patience_ms = 2000;
    static constexpr int mtu = 16000;
    // Since Linux 6.2, missing in older headers.
    static constexpr unsigned uso4 = 0x20;
    static constexpr unsigned uso6 = 0x40;

    static void require(bool ok, const char* what) {
        if (ok) return;
        perror(what);
        abort();
    }

    static FileDescriptor open_tun(const char* name, int flags) {
        FileDescriptor fd(open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC));
        ifreq request = request_for(name);
        request.ifr_flags = static_cast<short>(IFF_TUN | IFF_NO_PI | flags);
        require(ioctl(fd.get(), TUNSETIFF, &request) == 0, name);
        return fd;
    }

    bool offer(unsigned offloads) const { return ioctl(in_.get(), TUNSETOFFLOAD, offloads) == 0; }

    static ifreq request_for(const char* name) {
        ifreq request{};
        std::string(name).copy(request.ifr_name, sizeof(request.ifr_name) - 1);
        return request;
    }

    static void write_setting(const char* path) {
        const FileDescriptor file(open(path, O_WRONLY | O_CLOEXEC));
        require(write(file.get(), "1", 1) == 1, path);
    }

    static void bring_up(const char* name, const std::string& address4, const std::string& address6) {
        const FileDescriptor control4(socket(AF_INET, SOCK_DGRAM, 0));
        const FileDescriptor control6(socket(AF_INET6, SOCK_DGRAM, 0));
        ifreq request = request_for(name);
        request.ifr_mtu = mtu;
        require(ioctl(control4.get(), SIOCSIFMTU, &request) == 0, "SIOCSIFMTU");
        set_address(control4.get(), SIOCSIFADDR, name, address4);
        set_address(control4.get(), SIOCSIFNETMASK, name, "255.255.255.0");
        request.ifr_flags = IFF_UP | IFF_RUNNING;
        require(ioctl(control4.get(), SIOCSIFFLAGS, &request) == 0, "SIOCSIFFLAGS");
        in6_ifreq six{};
        inet_pton(AF_INET6, address6.c_str(), &six.ifr6_addr);
        six.ifr6_prefixlen = 64;
        six.ifr6_ifindex = static_cast<int>(if_nametoindex(name));
        require(ioctl(control6.get(), SIOCSIFADDR, &six) == 0, "IPv6 address");
    }

    static void set_address(int control, unsigned long what, const char* name, const std::string& address) {
        ifreq request = request_for(name);
        sockaddr_in value{};
        value.sin_family = AF_INET;
        inet_pton(AF_INET, address.c_str(), &value.sin_addr);
        std::memcpy(&request.ifr_addr, &value, sizeof(value));
        require(ioctl(control, what, &request) == 0, address.c_str());
    }

    /** Packets of the kernel's own, such as router solicitations, do not count. False when nothing came in time. */
    bool read_one(std::vector<Bytes>& packets, int wait_ms) {
        Bytes buffer(65536);
        for (;;) {
            pollfd ready{out_.get(), POLLIN, 0};
            if (poll(&ready, 1, wait_ms) != 1) return false;
            const ssize_t length = read(out_.get(), buffer.data(), buffer.size());
            if (length <= 0) return false;
            const uint8_t protocol = buffer[0] >> 4 == 4 ? buffer[9] : buffer[6];
            if (protocol != IPPROTO_TCP && protocol != IPPROTO_UDP) continue;
            buffer.resize(static_cast<size_t>(length));
            packets.push_back(buffer);
            return true;
        }
    }

    PrivateNetwork network_;
    FileDescriptor in_;
    FileDescriptor out_;
    bool udp_ = false;
};

/** What forwarding does to a packet. */
inline Bytes one_hop_further(Bytes packet) {
    const bool v4 = packet[0] >> 4 == 4;
    uint8_t& hops = packet[v4 ? 8 : 7];
    --hops;
    if (v4) set_ipv4_checksum(packet.data(), (packet[0] & 0x0f) * 4u);
    return packet;
}

}  // namespace uxfrm
