#pragma once

#include <cstdint>
#include <functional>
#include <set>

#include "sad.h"
#include "tun_table.h"

namespace uxfrm {

/** The kernel's idea of the path MTU between two addresses (RFC 1191), or nothing when there is no route. */
std::optional<int> query_path_mtu(const IpAddress& source, const IpAddress& destination);

/** The largest inner packet whose ESP packet fits an IPv4 path of this MTU. */
int inner_mtu(int path_mtu, const EspTransform& transform);

/** Keeps each TUN device's MTU at what the paths and algorithms of its SAs can carry without outer fragments. */
class TunnelMtu {
public:
    using PathMtu = std::function<std::optional<int>(const IpAddress& source, const IpAddress& destination)>;

    TunnelMtu(Sad& sad, TunTable& tuns, int path_mtu_limit, PathMtu path_mtu = query_path_mtu)
        : sad_(sad), tuns_(tuns), path_mtu_limit_(path_mtu_limit), path_mtu_(std::move(path_mtu)) {}

    /** The SAs of an if_id have changed; takes effect with the next refresh_changed(). */
    void mark(uint32_t if_id) { changed_.insert(if_id); }
    /** A path may have changed; takes effect with the next second(). */
    void mark_paths() { paths_changed_ = true; }

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
    bool paths_changed_ = false;
    unsigned seconds_ = 0;
};

}  // namespace uxfrm
