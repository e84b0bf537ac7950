#include "tun_device.h"

#include <linux/if.h>
#include <linux/if_tun.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "log.h"

namespace uxfrm {
namespace {

constexpr int minimum_mtu = 576;
constexpr size_t max_parts = 64;
/** What waits while the reader is busy or not scheduled: some milliseconds of small packets. */
constexpr int queue_length = 2000;
// Since Linux 6.2, missing in older headers.
constexpr unsigned tun_uso4 = 0x20;
constexpr unsigned tun_uso6 = 0x40;
constexpr unsigned tun_tcp_offloads = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN;

void require(bool ok, const std::string& what) {
    if (!ok) throw std::system_error(errno, std::generic_category(), what);
}

ifreq request_for(const std::string& name) {
    ifreq request{};
    name.copy(request.ifr_name, sizeof(request.ifr_name) - 1);
    return request;
}

/** An ioctl that names its device in the request instead of being made on the device's own file. */
bool ask_for_device(unsigned long what, ifreq& request) {
    const FileDescriptor any(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    return ioctl(any.get(), what, &request) == 0;
}

/** Under its name, or where drop_privileges() leaves it: in the root of a file system that has nothing else. */
FileDescriptor open_driver() {
    FileDescriptor fd(open("/dev/net/tun", tun_open_flags));
    if (!fd && errno == ENOENT) fd = FileDescriptor(open("/tun", tun_open_flags));
    require(static_cast<bool>(fd), "/dev/net/tun");
    return fd;
}

bool device_exists(const std::string& name) {
    ifreq request = request_for(name);
    return ask_for_device(SIOCGIFINDEX, request);
}

FileDescriptor attach(const std::string& name) {
    FileDescriptor fd = open_driver();
    ifreq request = request_for(name);
    request.ifr_flags = static_cast<short>(IFF_TUN | IFF_NO_PI | IFF_VNET_HDR);
    require(ioctl(fd.get(), TUNSETIFF, &request) == 0, name);
    return fd;
}

void set_persistent(int fd, bool persistent, const std::string& name) {
    require(ioctl(fd, TUNSETPERSIST, static_cast<unsigned long>(persistent)) == 0, name);
}

void set_queue_length(const std::string& name) {
    ifreq request = request_for(name);
    request.ifr_qlen = queue_length;
    require(ask_for_device(SIOCSIFTXQLEN, request), name);
}

/** True when UDP segmentation came with it. */
bool enable_offloads(int fd, const std::string& name) {
    const int header_size = sizeof(VirtioHeader);
    require(ioctl(fd, TUNSETVNETHDRSZ, &header_size) == 0, name);
    if (ioctl(fd, TUNSETOFFLOAD, tun_tcp_offloads | tun_uso4 | tun_uso6) == 0) return true;
    require(ioctl(fd, TUNSETOFFLOAD, tun_tcp_offloads) == 0, name);
    return false;
}

}  // namespace

const std::array<unsigned long, 7> tun_requests = {TUNSETIFF,     TUNSETPERSIST, TUNSETVNETHDRSZ,
                                                   TUNSETOFFLOAD, SIOCSIFMTU,    SIOCSIFTXQLEN, SIOCGIFINDEX};

TunDevice::TunDevice(std::string name, uint32_t if_id, int max_mtu, size_t lanes, DropCounters& drops)
    : name_(std::move(name)),
      if_id_(if_id),
      max_mtu_(max_mtu),
      drops_(drops),
      fd_(attach(name_)),
      lanes_(lanes, Coalescer(*this)) {
    const bool takes_udp = enable_offloads(fd_.get(), name_);
    for (Coalescer& lane : lanes_) lane.enable_udp(takes_udp);
    set_persistent(fd_.get(), true, name_);
    set_queue_length(name_);
    apply_mtu();
}

void TunDevice::remove() {
    set_persistent(fd_.get(), false, name_);
    close();
}

ssize_t TunDevice::read(VirtioHeader& header, uint8_t* packet, size_t capacity) {
    const std::array<iovec, 2> parts = {{{&header, sizeof(header)}, {packet, capacity}}};
    const ssize_t length = readv(fd_.get(), parts.data(), static_cast<int>(parts.size()));
    if (length < 0) return errno == EAGAIN || errno == EINTR ? 0 : -1;
    return std::max<ssize_t>(0, length - static_cast<ssize_t>(sizeof(header)));
}

void TunDevice::deliver(const VirtioHeader& header, const iovec* parts, size_t count, size_t segments) {
    std::array<iovec, max_parts + 1> vector;
    VirtioHeader copy = header;
    vector[0] = {&copy, sizeof(copy)};
    std::copy_n(parts, std::min(count, max_parts), vector.begin() + 1);
    const ssize_t written = writev(fd_.get(), vector.data(), static_cast<int>(std::min(count, max_parts) + 1));
    if (written < 0) {  // the device is down, or its queue is full
        drops_.add(Drop::in_buffer_error, segments);
        return;
    }
    counters_.received(segments, static_cast<uint64_t>(written) - sizeof(copy));
}

void TunDevice::inject(ByteView packet) {
    VirtioHeader header;
    const std::array<iovec, 2> parts = {{{&header, sizeof(header)}, {const_cast<uint8_t*>(packet.data), packet.size}}};
    if (writev(fd_.get(), parts.data(), static_cast<int>(parts.size())) < 0) drops_.add(Drop::in_buffer_error);
}

void TunDevice::limit_mtu(int path_limit) {
    path_limit_ = path_limit;
    apply_mtu();
}

void TunDevice::set_max_mtu(int max_mtu) {
    max_mtu_ = max_mtu;
    apply_mtu();
}

void TunDevice::apply_mtu() {
    const int wanted = std::max(minimum_mtu, std::min(max_mtu_, path_limit_));
    if (wanted == mtu_) return;
    ifreq request = request_for(name_);
    request.ifr_mtu = wanted;
    if (!ask_for_device(SIOCSIFMTU, request)) {
        log(LogLevel::error, "tun-mtu-failed", {{"name", name_}, {"mtu", wanted}, {"error", strerror(errno)}});
        return;
    }
    mtu_ = wanted;
    log(LogLevel::info, "tun-mtu", {{"name", name_}, {"if_id", if_id_}, {"mtu", wanted}});
}

bool valid_device_name(const std::string& name) {
    if (name.empty() || name.size() >= IFNAMSIZ || name == "." || name == "..") return false;
    return std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    });
}

bool remove_persistent_tun(const std::string& name) {
    if (!device_exists(name)) return true;
    try {
        const FileDescriptor fd = attach(name);
        set_persistent(fd.get(), false, name);
        return true;
    } catch (const std::system_error&) {
        return false;
    }
}

}  // namespace uxfrm
