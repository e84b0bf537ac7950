#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>

#include "sad.h"
#include "tun_table.h"

namespace uxfrm {

/** The kernel's idea of the path MTU between two addresses (RFC 1191, RFC 8201), or nothing when there is no route. */
std::optional<int> query_path_mtu(const IpAddress& source, const IpAddress& destination);

/** The largest inner packet whose ESP packet fits a path of this MTU. */
int inner_mtu(int path_mtu, OuterTransport transport, const EspTransform& transform);

/**
 * Keeps each SA's inner MTU at what its path and algorithm carry without outer fragments, and each TUN device's MTU
 * at the smallest of its SAs, so that the kernel fragments and answers for us. A device does not go below the IPv6
 * minimum, where the kernel would take IPv6 away from it: Outbound sees to what is between the two.
 */
class TunnelMtu {
public:
    using PathMtu = std::function<std::optional<int>(const IpAddress& source, const IpAddress& destination)>;

    TunnelMtu(Sad& sad, TunTable& tuns, int path_mtu_limit, PathMtu path_mtu = query_path_mtu)
        : sad_(sad), tuns_(tuns), path_mtu_limit_(path_mtu_limit), path_mtu_(std::move(path_mtu)) {}

    /** The SAs of an if_id have changed; takes effect with the next refresh_changed(). */
    void mark(uint32_t if_id) { changed_.insert(if_id); }

    /**
     * The path to a peer may have changed: takes effect with the next refresh_changed(), and once more with the next
     * second() for what the kernel learns only then. Anybody can make us do this, so once a second is enough.
     */
    void mark_path(const IpAddress& destination);

    void refresh_changed();
    /** Once a second; looks at all paths now and then, since learned path MTUs expire. */
    void second();

private:
    void refresh(uint32_t if_id);

    Sad& sad_;
    TunTable& tuns_;
    const int path_mtu_limit_;
    PathMtu path_mtu_;
    std::set<uint32_t> changed_;
    bool path_marked_ = false;
    unsigned path_lookups_ = 0;
    unsigned seconds_ = 0;
};

}  // namespace uxfrm
