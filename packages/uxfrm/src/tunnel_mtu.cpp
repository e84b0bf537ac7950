#include "tunnel_mtu.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <algorithm>

#include "../shim/shim_protocol.h"

namespace uxfrm {
namespace {

constexpr int ipv4_udp_header = 28;
constexpr unsigned refresh_interval_seconds = 60;

sockaddr_in socket_address(const IpAddress& address, uint16_t port) {
    sockaddr_in result{};
    result.sin_family = AF_INET;
    result.sin_addr = address.to_v4();
    result.sin_port = htons(port);
    return result;
}

}  // namespace

std::optional<int> query_path_mtu(const IpAddress& source, const IpAddress& destination) {
    if (destination.family != AF_INET) return std::nullopt;
    const FileDescriptor probe(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const sockaddr_in local = socket_address(source, 0);
    const sockaddr_in remote = socket_address(destination, UXFRM_NATT_PORT);
    // An inbound SA has a remote source; the bind fails, and the path to ourselves is never the narrow one.
    if (bind(probe.get(), reinterpret_cast<const sockaddr*>(&local), sizeof(local)) != 0) return std::nullopt;
    if (connect(probe.get(), reinterpret_cast<const sockaddr*>(&remote), sizeof(remote)) != 0) return std::nullopt;
    int mtu = 0;
    socklen_t length = sizeof(mtu);
    if (getsockopt(probe.get(), SOL_IP, IP_MTU, &mtu, &length) != 0) return std::nullopt;
    return mtu;
}

int inner_mtu(int path_mtu, const EspTransform& transform) {
    if (path_mtu <= ipv4_udp_header) return 0;
    return static_cast<int>(transform.payload_capacity(static_cast<size_t>(path_mtu - ipv4_udp_header)));
}

void TunnelMtu::refresh_changed() {
    if (changed_.empty()) return;
    const std::set<uint32_t> changed = std::move(changed_);
    changed_.clear();
    for (const uint32_t if_id : changed) refresh(if_id);
}

void TunnelMtu::second() {
    if (!paths_changed_ && ++seconds_ < refresh_interval_seconds) return;
    paths_changed_ = false;
    seconds_ = 0;
    tuns_.for_each([this](const TunDevice& tun) { changed_.insert(tun.if_id()); });
    refresh_changed();
}

/** Without any SA the device keeps the MTU it has: a rekey must not make it flap. */
void TunnelMtu::refresh(uint32_t if_id) {
    TunDevice* tun = tuns_.find(if_id);
    if (!tun) return;
    std::optional<int> smallest;
    sad_.for_each([&](const SecurityAssociation& sa) {
        if (sa.if_id != if_id || sa.state != SaState::valid) return;
        const int path = std::min(path_mtu_limit_, path_mtu_(sa.source, sa.id.destination).value_or(path_mtu_limit_));
        smallest = std::min(smallest.value_or(path), inner_mtu(path, *sa.transform));
    });
    if (smallest) tun->limit_mtu(*smallest);
}

}  // namespace uxfrm
