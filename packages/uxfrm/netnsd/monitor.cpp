#include "monitor.h"

#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/netconf.h>
#include <linux/netfilter/nfnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>
#include <vector>

#include "route_socket.h"

namespace netnsd {

namespace {

constexpr size_t largest_part = 64 * 1024;
/** What may come between two turns of the loop; more is told as `lost`. */
constexpr int receive_bytes = 256 * 1024;

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

uxfrm::FileDescriptor open_listener(int protocol, const std::vector<int>& groups) {
    uxfrm::FileDescriptor fd(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol));
    if (!fd) fail("a netlink socket");
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    if (bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) fail("a netlink socket");
    setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUFFORCE, &receive_bytes, sizeof(receive_bytes));
    for (const int group : groups)
        if (setsockopt(fd.get(), SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) != 0) fail("a netlink group");
    return fd;
}

/** Calls with each datagram until none is left; false when some were lost. */
template <typename Take>
bool take_all(int fd, const Take& take) {
    static std::vector<uint8_t> buffer(largest_part);
    bool is_whole = true;
    while (true) {
        const ssize_t size = recv(fd, buffer.data(), buffer.size(), 0);
        if (size > 0) take(ByteView{buffer.data(), static_cast<size_t>(size)});
        if (size >= 0 || errno == EINTR) continue;
        if (errno != ENOBUFS) return is_whole;
        is_whole = false;
    }
}

std::string signature_of(const ifinfomsg& info, const Attributes& attributes) {
    std::string text = attributes.text(IFLA_IFNAME);
    text += (info.ifi_flags & IFF_UP) != 0 ? " up" : " down";
    text += ' ' + std::to_string(attributes.as<uint32_t>(IFLA_MTU).value_or(0));
    text += ' ' + std::to_string(attributes.as<uint32_t>(IFLA_MASTER).value_or(0));
    text += ' ' + attributes.text(IFLA_IFALIAS);
    const ByteView address = attributes.get(IFLA_ADDRESS);
    if (address) text.append(reinterpret_cast<const char*>(address.data), address.size);
    return text;
}

const char* kind_of(uint16_t type) {
    switch (type) {
        case RTM_NEWLINK:
        case RTM_DELLINK:
            return "links";
        case RTM_NEWADDR:
        case RTM_DELADDR:
            return "addresses";
        case RTM_NEWROUTE:
        case RTM_DELROUTE:
            return "routes";
        case RTM_NEWRULE:
        case RTM_DELRULE:
            return "rules";
        case RTM_NEWQDISC:
        case RTM_DELQDISC:
        case RTM_NEWTCLASS:
        case RTM_DELTCLASS:
        case RTM_NEWTFILTER:
        case RTM_DELTFILTER:
            return "qdiscs";
        case RTM_NEWNETCONF:
        case RTM_DELNETCONF:
            return "settings";
        default:
            return nullptr;
    }
}

}  // namespace

Monitor::Monitor(uint32_t own_port_id)
    : own_port_id_(own_port_id),
      route_(open_listener(NETLINK_ROUTE, {RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV4_RULE, RTNLGRP_TC,
                                           RTNLGRP_IPV4_NETCONF})),
      nft_(open_listener(NETLINK_NETFILTER, {NFNLGRP_NFTABLES})) {
    remember_links();
}

void Monitor::remember_links() {
    links_.clear();
    RouteSocket socket;
    RouteRequest request(RTM_GETLINK, 0, ifinfomsg{});
    socket.dump(request, [&](const RouteMessage& message) {
        const auto info = message.fixed<ifinfomsg>();
        if (!info) return;
        const Attributes attributes = message.attributes<ifinfomsg>();
        links_[info->ifi_index] = {attributes.text(IFLA_IFNAME), signature_of(*info, attributes)};
    });
}

std::set<std::string> Monitor::drain(OwnChanges own) {
    std::set<std::string> changes;
    drain_route(own, changes);
    drain_nft(own, changes);
    return changes;
}

void Monitor::drain_route(OwnChanges own, std::set<std::string>& changes) {
    const bool is_whole = take_all(route_.get(), [&](ByteView part) {
        while (const auto message = next_message(part)) {
            const char* kind = kind_of(message->header.nlmsg_type);
            if (kind == nullptr) continue;
            // Before the device is forgotten.
            const bool was_expected = is_expected(*message);
            if (!is_news(*message) || was_expected || is_expected(*message)) continue;
            const uint32_t by = message->header.nlmsg_pid;
            // What the kernel does by itself during a change of ours follows from it.
            if (by == own_port_id_ || (by == 0 && own.route)) continue;
            changes.insert(kind);
        }
    });
    if (!is_whole) changes.insert("lost");
}

/** Keeps what is known of devices up to date. */
bool Monitor::is_news(const RouteMessage& message) {
    const uint16_t type = message.header.nlmsg_type;
    if (type != RTM_NEWLINK && type != RTM_DELLINK) return true;
    const auto info = message.fixed<ifinfomsg>();
    if (!info || info->ifi_family == AF_BRIDGE) return false;
    if (type == RTM_DELLINK) return links_.erase(info->ifi_index) > 0;
    const Attributes attributes = message.attributes<ifinfomsg>();
    std::string signature = signature_of(*info, attributes);
    Link& known = links_[info->ifi_index];
    if (known.signature == signature) return false;
    known = {attributes.text(IFLA_IFNAME), std::move(signature)};
    return true;
}

namespace {

/** Of the device that a message is about; 0 where it is about none, or several. */
int index_in(const RouteMessage& message) {
    switch (message.header.nlmsg_type) {
        case RTM_NEWLINK:
        case RTM_DELLINK:
            if (const auto info = message.fixed<ifinfomsg>()) return info->ifi_index;
            return 0;
        case RTM_NEWADDR:
        case RTM_DELADDR:
            if (const auto info = message.fixed<ifaddrmsg>()) return static_cast<int>(info->ifa_index);
            return 0;
        case RTM_NEWROUTE:
        case RTM_DELROUTE:
            return static_cast<int>(message.attributes<rtmsg>().as<uint32_t>(RTA_OIF).value_or(0));
        case RTM_NEWNETCONF:
        case RTM_DELNETCONF:
            return message.attributes<netconfmsg>().as<int32_t>(NETCONFA_IFINDEX).value_or(0);
        case RTM_NEWQDISC:
        case RTM_DELQDISC:
            if (const auto info = message.fixed<tcmsg>()) return info->tcm_ifindex;
            return 0;
        default:
            return 0;
    }
}

}  // namespace

bool Monitor::is_expected(const RouteMessage& message) const {
    const int index = expected_.empty() ? 0 : index_in(message);
    if (index == 0) return false;
    const auto found = links_.find(index);
    if (found != links_.end()) return expected_.count(found->second.name) > 0;
    // Settings come before their device does, and go after it.
    return message.header.nlmsg_type != RTM_NEWLINK && message.header.nlmsg_type != RTM_DELLINK;
}

void Monitor::drain_nft(OwnChanges own, std::set<std::string>& changes) {
    bool has_come = false;
    const bool is_whole = take_all(nft_.get(), [&](ByteView) { has_come = true; });
    if (!own.nft && (has_come || !is_whole)) changes.insert("nft");
}

}  // namespace netnsd
