#include "ip_change.h"

#include <linux/fib_rules.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/veth.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <limits>

#include "link_request.h"

#ifndef NTF_EXT_MANAGED
#define NTF_EXT_MANAGED (1 << 0)
#endif

namespace netnsd {

namespace {

using Outcome = std::optional<std::string>;

void add_address(RouteRequest& request, uint16_t type, const Address& address) { request.attribute(type, address.bytes, address.size); }

void check_length(const std::string& device) {
    if (device.empty() || device.size() >= IFNAMSIZ) throw RequestError("\"" + device + "\" is no name of a device");
}

uint8_t prefix_length(const Address& address) { return address.prefix_length.value_or(static_cast<uint8_t>(address.size * 8)); }

uint8_t parse_scope(const std::string& word) {
    if (word == "global") return RT_SCOPE_UNIVERSE;
    if (word == "link") return RT_SCOPE_LINK;
    if (word == "host") return RT_SCOPE_HOST;
    throw RequestError(word + " is not a scope");
}

uint8_t small(uint32_t number) {
    if (number > std::numeric_limits<uint8_t>::max()) throw RequestError(std::to_string(number) + " is too large");
    return static_cast<uint8_t>(number);
}

[[noreturn]] void refuse(const Words& words) { throw RequestError("what is \"" + words.peek() + "\"?"); }

}  // namespace

Outcome IpChanges::make(const std::string& line) {
    try {
        Words words(line);
        const std::string object = words.take();
        if (object == "link") return make_link(words);
        if (object == "address") return change_address(words);
        if (object == "rule") return change_rule(words);
        if (object == "route") return change_route(words);
        if (object == "neighbour") return change_neighbour(words);
        throw RequestError("what is \"" + object + "\"?");
    } catch (const RequestError& error) {
        return error.what();
    }
}

int IpChanges::index_of(const std::string& device) {
    const auto known = indexes_.find(device);
    if (known != indexes_.end()) return known->second;
    const int index = find_device(socket_, device);
    if (index == 0) throw RequestError("Cannot find device \"" + device + "\"");
    return indexes_[device] = index;
}

Outcome IpChanges::make_link(Words& words) {
    const std::string verb = words.take();
    const Outcome outcome = [&]() -> Outcome {
        if (verb == "add") return add_link(words);
        if (verb == "set") return set_link(words);
        if (verb != "delete") throw RequestError("what is \"" + verb + "\" of a link?");
        ifinfomsg fixed{};
        fixed.ifi_index = index_of(words.take());
        RouteRequest request(RTM_DELLINK, 0, fixed);
        return socket_.change(request);
    }();
    indexes_.clear();
    return outcome;
}

Outcome IpChanges::add_link(Words& words) {
    RouteRequest request(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, ifinfomsg{});
    uxfrm::FileDescriptor destination;
    std::string name;
    while (!words.take_if("type")) {
        if (words.take_if("link")) {
            request.attribute(IFLA_LINK, index_of(words.take()));
        } else if (words.take_if("netns")) {
            destination = lookup_.open_namespace(words.take());
            request.attribute(IFLA_NET_NS_FD, destination.get());
        } else if (words.take_if("address")) {
            request.bytes(IFLA_ADDRESS, parse_ethernet_address(words.take()));
        } else if (words.take_if("mtu")) {
            request.attribute(IFLA_MTU, words.take_number());
        } else if (words.take_if("txqueuelen")) {
            request.attribute(IFLA_TXQLEN, words.take_number());
        } else {
            words.take_if("name");
            if (!name.empty()) refuse(words);
            name = words.take();
        }
    }
    check_length(name);
    request.text(IFLA_IFNAME, name);
    const std::string kind = words.take();
    const size_t info = request.begin(IFLA_LINKINFO);
    request.attribute(IFLA_INFO_KIND, kind.data(), kind.size());
    const size_t data = request.begin(IFLA_INFO_DATA);
    uxfrm::FileDescriptor peer_destination;
    if (kind == "veth") {
        if (!words.take_if("peer")) refuse(words);
        words.take_if("name");
        const size_t peer = request.begin(VETH_INFO_PEER);
        request.raw(ifinfomsg{});
        const std::string peer_name = words.take();
        check_length(peer_name);
        request.text(IFLA_IFNAME, peer_name);
        while (!words.is_empty()) {
            if (words.take_if("netns")) {
                peer_destination = lookup_.open_namespace(words.take());
                request.attribute(IFLA_NET_NS_FD, peer_destination.get());
            } else if (words.take_if("address")) {
                request.bytes(IFLA_ADDRESS, parse_ethernet_address(words.take()));
            } else {
                refuse(words);
            }
        }
        request.end(peer);
    } else if (kind == "macvlan") {
        if (!words.take_if("mode") || !words.take_if("bridge")) refuse(words);
        request.attribute(IFLA_MACVLAN_MODE, uint32_t{MACVLAN_MODE_BRIDGE});
    } else if (kind == "vlan") {
        if (!words.take_if("id")) refuse(words);
        request.attribute(IFLA_VLAN_ID, static_cast<uint16_t>(words.take_number()));
    } else if (kind == "xfrm") {
        if (!words.take_if("if_id")) refuse(words);
        request.attribute(IFLA_XFRM_IF_ID, words.take_number());
    } else if (kind == "vxlan") {
        while (!words.is_empty()) {
            if (words.take_if("id")) {
                request.attribute(IFLA_VXLAN_ID, words.take_number());
            } else if (words.take_if("remote")) {
                add_address(request, IFLA_VXLAN_GROUP, parse_address(words.take()));
            } else if (words.take_if("local")) {
                add_address(request, IFLA_VXLAN_LOCAL, parse_address(words.take()));
            } else if (words.take_if("dstport")) {
                request.attribute(IFLA_VXLAN_PORT, htons(static_cast<uint16_t>(words.take_number())));
            } else if (words.take_if("nolearning")) {
                request.attribute(IFLA_VXLAN_LEARNING, uint8_t{0});
            } else {
                refuse(words);
            }
        }
    } else if (kind != "bridge" && kind != "ifb" && kind != "dummy") {
        throw RequestError("nobody makes devices of type " + kind);
    }
    if (!words.is_empty()) refuse(words);
    request.end(data);
    request.end(info);
    return socket_.change(request);
}

Outcome IpChanges::set_link(Words& words) {
    ifinfomsg fixed{};
    fixed.ifi_index = index_of(words.take());
    RouteRequest request(RTM_NEWLINK, 0, fixed);
    uxfrm::FileDescriptor destination;
    while (!words.is_empty()) {
        if (words.take_if("up")) {
            fixed.ifi_flags |= IFF_UP;
            fixed.ifi_change |= IFF_UP;
        } else if (words.take_if("down")) {
            fixed.ifi_change |= IFF_UP;
        } else if (words.take_if("master")) {
            request.attribute(IFLA_MASTER, index_of(words.take()));
        } else if (words.take_if("nomaster")) {
            request.attribute(IFLA_MASTER, 0);
        } else if (words.take_if("mtu")) {
            request.attribute(IFLA_MTU, words.take_number());
        } else if (words.take_if("address")) {
            request.bytes(IFLA_ADDRESS, parse_ethernet_address(words.take()));
        } else if (words.take_if("alias")) {
            const std::string alias = words.take();
            request.attribute(IFLA_IFALIAS, alias.data(), alias.size());
        } else if (words.take_if("name")) {
            check_length(words.peek());
            request.text(IFLA_IFNAME, words.take());
        } else if (words.take_if("netns")) {
            destination = lookup_.open_namespace(words.take());
            request.attribute(IFLA_NET_NS_FD, destination.get());
        } else {
            refuse(words);
        }
    }
    request.patch(NLMSG_HDRLEN, fixed);
    return socket_.change(request);
}

Outcome IpChanges::change_address(Words& words) {
    const std::string verb = words.take();
    if (verb == "flush") {
        if (!words.take_if("dev")) refuse(words);
        return flush_addresses(index_of(words.take()));
    }
    if (verb != "add" && verb != "delete") throw RequestError("what is \"" + verb + "\" of an address?");
    const bool is_addition = verb == "add";
    const Address address = parse_address(words.take());
    ifaddrmsg fixed{};
    fixed.ifa_family = address.family;
    fixed.ifa_prefixlen = prefix_length(address);
    fixed.ifa_scope = address.family == AF_INET && address.bytes[0] == 127 ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE;
    while (!words.is_empty()) {
        if (words.take_if("dev"))
            fixed.ifa_index = static_cast<uint32_t>(index_of(words.take()));
        else if (words.take_if("scope"))
            fixed.ifa_scope = parse_scope(words.take());
        else
            refuse(words);
    }
    RouteRequest request(is_addition ? RTM_NEWADDR : RTM_DELADDR, is_addition ? NLM_F_CREATE | NLM_F_EXCL : 0, fixed);
    add_address(request, IFA_LOCAL, address);
    add_address(request, IFA_ADDRESS, address);
    return socket_.change(request);
}

Outcome IpChanges::flush_addresses(int index) {
    struct Found {
        ifaddrmsg fixed;
        std::vector<uint8_t> local;
    };
    std::vector<Found> found;
    RouteRequest listing(RTM_GETADDR, 0, ifaddrmsg{});
    socket_.dump(listing, [&](const RouteMessage& message) {
        const auto fixed = message.fixed<ifaddrmsg>();
        if (!fixed || static_cast<int>(fixed->ifa_index) != index) return;
        const Attributes attributes = message.attributes<ifaddrmsg>();
        const ByteView local = attributes.has(IFA_LOCAL) ? attributes.get(IFA_LOCAL) : attributes.get(IFA_ADDRESS);
        if (local) found.push_back({*fixed, {local.data, local.data + local.size}});
    });
    for (const auto& [fixed, local] : found) {
        ifaddrmsg only{};
        only.ifa_family = fixed.ifa_family;
        only.ifa_prefixlen = fixed.ifa_prefixlen;
        only.ifa_index = fixed.ifa_index;
        RouteRequest request(RTM_DELADDR, 0, only);
        request.bytes(IFA_LOCAL, local);
        // A secondary address goes with its first: what counts is that nothing is left.
        socket_.change(request);
    }
    return std::nullopt;
}

Outcome IpChanges::change_rule(Words& words) {
    const std::string verb = words.take();
    if (verb != "add" && verb != "delete") throw RequestError("what is \"" + verb + "\" of a rule?");
    const bool is_addition = verb == "add";
    fib_rule_hdr fixed{};
    fixed.family = AF_INET;
    RouteRequest request(is_addition ? RTM_NEWRULE : RTM_DELRULE, is_addition ? NLM_F_CREATE | NLM_F_EXCL : 0, fixed);
    while (!words.is_empty()) {
        if (words.take_if("priority")) {
            request.attribute(FRA_PRIORITY, words.take_number());
        } else if (words.take_if("from")) {
            if (words.take_if("all")) continue;
            const Address address = parse_address(words.take());
            fixed.src_len = prefix_length(address);
            add_address(request, FRA_SRC, address);
        } else if (words.take_if("to")) {
            if (words.take_if("all")) continue;
            const Address address = parse_address(words.take());
            fixed.dst_len = prefix_length(address);
            add_address(request, FRA_DST, address);
        } else if (words.take_if("iif")) {
            request.text(FRA_IIFNAME, words.take());
        } else if (words.take_if("oif")) {
            request.text(FRA_OIFNAME, words.take());
        } else if (words.take_if("fwmark")) {
            const std::string mark = words.take();
            const size_t slash = mark.find('/');
            netnsd::Words parts(mark.substr(0, slash) + (slash == std::string::npos ? "" : " " + mark.substr(slash + 1)));
            request.attribute(FRA_FWMARK, parts.take_number());
            if (!parts.is_empty()) request.attribute(FRA_FWMASK, parts.take_number());
        } else if (words.take_if("lookup")) {
            fixed.action = FR_ACT_TO_TBL;
            request.attribute(FRA_TABLE, words.take_number());
        } else if (words.take_if("goto")) {
            fixed.action = FR_ACT_GOTO;
            request.attribute(FRA_GOTO, words.take_number());
        } else if (words.take_if("blackhole")) {
            fixed.action = FR_ACT_BLACKHOLE;
        } else if (words.take_if("unreachable")) {
            fixed.action = FR_ACT_UNREACHABLE;
        } else if (words.take_if("prohibit")) {
            fixed.action = FR_ACT_PROHIBIT;
        } else if (words.take_if("protocol")) {
            request.attribute(FRA_PROTOCOL, small(words.take_number()));
        } else {
            refuse(words);
        }
    }
    request.patch(NLMSG_HDRLEN, fixed);
    return socket_.change(request);
}

Outcome IpChanges::change_route(Words& words) {
    const std::string verb = words.take();
    const bool is_removal = verb == "delete";
    if (!is_removal && verb != "add" && verb != "replace") throw RequestError("what is \"" + verb + "\" of a route?");
    rtmsg fixed{};
    fixed.rtm_type = RTN_UNICAST;
    if (words.take_if("blackhole")) fixed.rtm_type = RTN_BLACKHOLE;
    else if (words.take_if("unreachable")) fixed.rtm_type = RTN_UNREACHABLE;
    else if (words.take_if("prohibit")) fixed.rtm_type = RTN_PROHIBIT;
    const Address destination = parse_address(words.take());
    fixed.rtm_family = destination.family;
    fixed.rtm_dst_len = prefix_length(destination);
    fixed.rtm_protocol = is_removal ? RTPROT_UNSPEC : RTPROT_BOOT;
    const uint16_t flags = is_removal ? 0 : static_cast<uint16_t>(NLM_F_CREATE | (verb == "add" ? NLM_F_EXCL : NLM_F_REPLACE));
    RouteRequest request(is_removal ? RTM_DELROUTE : RTM_NEWROUTE, flags, fixed);
    if (fixed.rtm_dst_len > 0) add_address(request, RTA_DST, destination);
    uint32_t table = RT_TABLE_MAIN;
    bool is_beyond = false;
    while (!words.is_empty() && words.peek() != "nexthop") {
        if (words.take_if("table")) {
            table = words.take_number();
        } else if (words.take_if("metric")) {
            request.attribute(RTA_PRIORITY, words.take_number());
        } else if (words.take_if("protocol")) {
            fixed.rtm_protocol = small(words.take_number());
        } else if (words.take_if("src")) {
            add_address(request, RTA_PREFSRC, parse_address(words.take()));
        } else if (words.take_if("via")) {
            add_address(request, RTA_GATEWAY, parse_address(words.take()));
            is_beyond = true;
        } else if (words.take_if("dev")) {
            request.attribute(RTA_OIF, index_of(words.take()));
        } else if (words.take_if("onlink")) {
            fixed.rtm_flags |= RTNH_F_ONLINK;
        } else {
            refuse(words);
        }
    }
    if (!words.is_empty()) {
        is_beyond = true;
        const size_t hops = request.begin(RTA_MULTIPATH);
        while (words.take_if("nexthop")) {
            rtnexthop hop{};
            const size_t at = request.raw(hop);
            while (!words.is_empty() && words.peek() != "nexthop") {
                if (words.take_if("via"))
                    add_address(request, RTA_GATEWAY, parse_address(words.take()));
                else if (words.take_if("dev"))
                    hop.rtnh_ifindex = index_of(words.take());
                else if (words.take_if("onlink"))
                    hop.rtnh_flags |= RTNH_F_ONLINK;
                else
                    refuse(words);
            }
            hop.rtnh_len = static_cast<uint16_t>(request.size() - at);
            request.patch(at, hop);
        }
        request.end(hops);
    }
    if (is_removal)
        fixed.rtm_scope = RT_SCOPE_NOWHERE;
    else if (fixed.rtm_type == RTN_UNICAST && !is_beyond)
        fixed.rtm_scope = RT_SCOPE_LINK;
    fixed.rtm_table = table < 256 ? static_cast<uint8_t>(table) : uint8_t{RT_TABLE_UNSPEC};
    if (table >= 256) request.attribute(RTA_TABLE, table);
    request.patch(NLMSG_HDRLEN, fixed);
    return socket_.change(request);
}

Outcome IpChanges::change_neighbour(Words& words) {
    const std::string verb = words.take();
    const bool is_removal = verb == "delete";
    if (!is_removal && verb != "replace") throw RequestError("what is \"" + verb + "\" of a neighbour?");
    ndmsg fixed{};
    fixed.ndm_state = NUD_PERMANENT;
    if (words.take_if("proxy")) fixed.ndm_flags |= NTF_PROXY;
    const Address address = parse_address(words.take());
    fixed.ndm_family = address.family;
    RouteRequest request(is_removal ? RTM_DELNEIGH : RTM_NEWNEIGH, is_removal ? 0 : NLM_F_CREATE | NLM_F_REPLACE, fixed);
    add_address(request, NDA_DST, address);
    while (!words.is_empty()) {
        if (words.take_if("dev")) {
            fixed.ndm_ifindex = index_of(words.take());
        } else if (words.take_if("lladdr")) {
            request.bytes(NDA_LLADDR, parse_ethernet_address(words.take()));
        } else if (words.take_if("nud")) {
            if (!words.take_if("permanent")) refuse(words);
        } else if (words.take_if("managed")) {
            request.attribute(NDA_FLAGS_EXT, uint32_t{NTF_EXT_MANAGED});
            fixed.ndm_state = NUD_NONE;
        } else if (words.take_if("extern_learn")) {
            fixed.ndm_flags |= NTF_EXT_LEARNED;
        } else if (words.take_if("protocol")) {
            request.attribute(NDA_PROTOCOL, small(words.take_number()));
        } else {
            refuse(words);
        }
    }
    request.patch(NLMSG_HDRLEN, fixed);
    return socket_.change(request);
}

}  // namespace netnsd
