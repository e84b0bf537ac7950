#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "monitor.h"
#include "namespaces.h"

namespace netnsd {

/**
 * Does what a request says in a namespace, and returns the answer:
 *   show          queries, as in ip_show.h             → an answer for each
 *   look          queries, paths, commands of nft      → {answers, values, nft}: all of these at once
 *   change        lines of ip(8)                       → for each null, or why it could not be done
 *   nft-list      commands                             → what nft prints
 *   nft-run       script                               → null
 *   sysctl-read   paths                                → for each its value, or null
 *   sysctl-write  values: pairs of path and value      → null
 *   watch                                              → null; from now on it has a monitor
 *   expect        devices                              → null; until the next one somebody else makes and removes them for us
 * Beside these, without a namespace to be in:
 *   add           as `ip netns add` with its name      → false where the name is taken
 *   remove        as `ip netns delete`                 → false where there is none
 * Throws RequestError.
 * @param listen now and then in the middle of many changes: what the kernel tells of them has little room.
 */
nlohmann::json do_request(const nlohmann::json& request, const Home& home, const Namespaces& namespaces, Namespace& where,
                          const std::function<void()>& listen);

/** What such a request changes by itself. */
OwnChanges changes_of(const std::string& what);

}  // namespace netnsd
