#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "route_socket.h"

namespace netnsd {

/**
 * Answers a query in the words of ip(8) or tc(8) as `ip -Numeric -details -json` does, as far as anybody asks for it:
 * `address show [dev D]`, `link show [dev D]`, `rule show`, `route show {table all | default | dev D}`, `neighbour show {proxy | nud
 * permanent}`, `qdisc show`. `-6` in front asks for routes of that family. Throws RequestError.
 */
nlohmann::json show(RouteSocket& socket, const std::string& query);

}  // namespace netnsd
