#include "link_request.h"

#include <linux/if_link.h>
#include <net/if.h>

namespace netnsd {

namespace {

/** Counters are most of what the kernel would write of a device. */
RouteRequest link_request(int index) {
    ifinfomsg fixed{};
    fixed.ifi_index = index;
    RouteRequest request(RTM_GETLINK, 0, fixed);
    request.attribute(IFLA_EXT_MASK, uint32_t{RTEXT_FILTER_SKIP_STATS});
    return request;
}

}  // namespace

RouteRequest all_links() { return link_request(0); }

std::optional<KeptMessage> find_link(RouteSocket& socket, const std::string& name) {
    // The kernel would say that such a name is too long; there is no such device.
    if (name.empty() || name.size() >= IFNAMSIZ) return std::nullopt;
    RouteRequest request = link_request(0);
    request.text(IFLA_IFNAME, name);
    return socket.get(request);
}

std::optional<KeptMessage> find_link(RouteSocket& socket, int index) {
    RouteRequest request = link_request(index);
    return socket.get(request);
}

int find_device(RouteSocket& socket, const std::string& name) {
    const auto link = find_link(socket, name);
    const auto info = link ? link->get().fixed<ifinfomsg>() : std::nullopt;
    return info ? info->ifi_index : 0;
}

}  // namespace netnsd
