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

RouteRequest link_named(const std::string& name) {
    RouteRequest request = link_request(0);
    request.text(IFLA_IFNAME, name);
    return request;
}

RouteRequest link_at(int index) { return link_request(index); }

RouteRequest all_links() { return link_request(0); }

int find_device(RouteSocket& socket, const std::string& name) {
    // The kernel would say that such a name is too long; there is no such device.
    if (name.empty() || name.size() >= IFNAMSIZ) return 0;
    int index = 0;
    RouteRequest request = link_named(name);
    socket.get(request, [&](const RouteMessage& message) {
        if (const auto info = message.fixed<ifinfomsg>()) index = info->ifi_index;
    });
    return index;
}

}  // namespace netnsd
