#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "file_descriptor.h"
#include "route_message.h"

namespace netnsd {

/** What we changed ourselves since the monitor was drained last. What the kernel tells of that follows from it; all else is somebody else's. */
struct OwnChanges {
    /** Devices, addresses, routes, rules, settings. */
    bool route = false;
    bool nft = false;
};

/**
 * Hears what changes in the namespace that it was opened in: devices, IPv4 addresses, routes, rules and settings, qdiscs, nft. What the
 * kernel tells again and again (a carrier, a bridge port's state) is no change.
 */
class Monitor {
public:
    /** Opened in the namespace that the calling thread is in. @param own_port_id of the socket that our changes are made by. */
    explicit Monitor(uint32_t own_port_id);

    std::array<int, 2> fds() const { return {route_.get(), nft_.get()}; }

    /** Takes everything that has come. Returns the words for what somebody else changed: `links`, `addresses` …, `lost` when some was lost. */
    std::set<std::string> drain(OwnChanges own);

    /** From now on what becomes of these devices, and of no others, is our doing, whoever does it. */
    void expect(std::set<std::string> devices) { expected_ = std::move(devices); }

private:
    void drain_route(OwnChanges own, std::set<std::string>& changes);
    void drain_nft(OwnChanges own, std::set<std::string>& changes);
    struct Link {
        std::string name;
        std::string signature;
    };

    bool is_news(const RouteMessage& message);
    bool is_expected(const RouteMessage& message) const;
    void remember_links();

    uint32_t own_port_id_;
    uxfrm::FileDescriptor route_;
    uxfrm::FileDescriptor nft_;
    /** By index: what of a device counts. */
    std::map<int, Link> links_;
    /** Names of devices. */
    std::set<std::string> expected_;
};

}  // namespace netnsd
