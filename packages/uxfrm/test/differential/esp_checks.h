#pragma once

#include <functional>
#include <string>
#include <vector>

#include "esp_world.h"

namespace uxfrm::differential {

/** One assertion: empty, or what is wrong. */
struct Check {
    std::string name;
    std::function<std::string(EspWorld&)> run;
};

/** Every algorithm that uxfrm offers, in UDP and without, with and without ESN, both ways, many sizes, IPv4 and IPv6 inside. */
std::vector<Check> algorithm_checks();

/** Replay windows, lifetimes, NAT, outer fragments, wrong keys. */
std::vector<Check> limit_checks();

/** AES-GCM-128 in UDP. */
TunnelForm plain_form();

}  // namespace uxfrm::differential
