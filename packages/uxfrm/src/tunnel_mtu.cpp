#include "tunnel_mtu.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <algorithm>

#include "../shim/shim_protocol.h"
#include "socket_address.h"
#include "too_big.h"

namespace uxfrm {
namespace {

constexpr unsigned refresh_interval_seconds = 60;
/** Messages about destinations that are no peers of ours, in one second. */
constexpr unsigned max_path_lookups = 64;

}  // namespace

std::optional<int> query_path_mtu(const IpAddress& source, const IpAddress& destination) {
    const bool v6 = destination.family == AF_INET6;
    const FileDescriptor probe(socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const SocketAddress local(source, 0);
    const SocketAddress remote(destination, htons(UXFRM_NATT_PORT));
    // An inbound SA has a remote source; the bind fails, and the path to ourselves is never the narrow one.
    if (bind(probe.get(), local.get(), local.length()) != 0) return std::nullopt;
    if (connect(probe.get(), remote.get(), remote.length()) != 0) return std::nullopt;
    int mtu = 0;
    socklen_t length = sizeof(mtu);
    if (getsockopt(probe.get(), v6 ? SOL_IPV6 : SOL_IP, v6 ? IPV6_MTU : IP_MTU, &mtu, &length) != 0) return std::nullopt;
    return mtu;
}

int inner_mtu(int path_mtu, OuterTransport transport, const EspTransform& transform) {
    const auto header = static_cast<int>(outer_header_length(transport));
    return path_mtu <= header ? 0 : static_cast<int>(transform.payload_capacity(static_cast<size_t>(path_mtu - header)));
}

void TunnelMtu::refresh_changed() {
    if (changed_.empty()) return;
    const std::set<uint32_t> changed = std::move(changed_);
    changed_.clear();
    for (const uint32_t if_id : changed) refresh(if_id);
}

void TunnelMtu::mark_path(const IpAddress& destination) {
    if (path_marked_) return;
    if (++path_lookups_ > max_path_lookups) path_marked_ = true;
    sad_.for_each([&](const SecurityAssociation& sa) {
        if (sa.id.destination != destination || sa.state != SaState::valid) return;
        path_marked_ = true;
        changed_.insert(sa.if_id);
    });
}

void TunnelMtu::second() {
    path_lookups_ = 0;
    if (!path_marked_ && ++seconds_ < refresh_interval_seconds) return;
    path_marked_ = false;
    seconds_ = 0;
    sad_.for_each([this](const SecurityAssociation& sa) { changed_.insert(sa.if_id); });
    refresh_changed();
}

/** Without any SA the device keeps the MTU it has: a rekey must not make it flap. */
void TunnelMtu::refresh(uint32_t if_id) {
    std::optional<int> smallest;
    sad_.for_each([&](SecurityAssociation& sa) {
        if (sa.if_id != if_id || sa.state != SaState::valid) return;
        const int path = std::min(path_mtu_limit_, path_mtu_(sa.source, sa.id.destination).value_or(path_mtu_limit_));
        const int mtu = inner_mtu(path, sa.transport(), *sa.transform);
        sa.inner_mtu = static_cast<size_t>(mtu);
        smallest = std::min(smallest.value_or(mtu), mtu);
    });
    TunDevice* tun = tuns_.find(if_id);
    if (tun && smallest) tun->limit_mtu(std::max(*smallest, static_cast<int>(ipv6_minimum_mtu)));
}

}  // namespace uxfrm
