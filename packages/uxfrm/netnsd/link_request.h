#pragma once

#include <optional>
#include <string>

#include "route_socket.h"

namespace netnsd {

/** RTM_GETLINK for all devices of a namespace, without what is counted on them. */
RouteRequest all_links();

/** The same of one by its name, without a look at any other; nothing where there is none. */
std::optional<KeptMessage> find_link(RouteSocket& socket, const std::string& name);

/** The same by its index. */
std::optional<KeptMessage> find_link(RouteSocket& socket, int index);

/** 0 where there is none. */
int find_device(RouteSocket& socket, const std::string& name);

}  // namespace netnsd
