#pragma once

#include <string>

#include "route_socket.h"

namespace netnsd {

/** RTM_GETLINK for one device by its name, without what is counted on it. */
RouteRequest link_named(const std::string& name);

/** The same by its index. */
RouteRequest link_at(int index);

/** The same for all of a namespace. */
RouteRequest all_links();

/** Of the device with this name, without a look at any other; 0 where there is none. */
int find_device(RouteSocket& socket, const std::string& name);

}  // namespace netnsd
