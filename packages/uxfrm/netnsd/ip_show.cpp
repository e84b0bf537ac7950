#include "ip_show.h"

#include <arpa/inet.h>
#include <linux/fib_rules.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/pkt_sched.h>
#include <net/if.h>

#include <cstdio>
#include <map>

#include "link_request.h"
#include "words.h"

#ifndef NTF_EXT_MANAGED
#define NTF_EXT_MANAGED (1 << 0)
#endif

namespace netnsd {

namespace {

using nlohmann::json;
using Names = std::map<int, std::string>;

constexpr int most_tries = 5;

/** Until nothing changed meanwhile. */
template <typename Work>
void dump_whole(const Work& work) {
    for (int tries = 1; !work(); ++tries)
        if (tries == most_tries) throw RequestError("it changes faster than it can be read");
}

Names read_names(RouteSocket& socket) {
    Names names;
    dump_whole([&] {
        names.clear();
        RouteRequest request = all_links();
        return socket.dump(request, [&](const RouteMessage& message) {
            if (const auto info = message.fixed<ifinfomsg>()) names[info->ifi_index] = message.attributes<ifinfomsg>().text(IFLA_IFNAME);
        });
    });
    return names;
}

std::string name_of(const Names& names, int index) {
    const auto found = names.find(index);
    return found == names.end() ? "*" : found->second;
}

json flags_of(unsigned flags) {
    json words = json::array();
    if ((flags & IFF_UP) != 0 && (flags & IFF_RUNNING) == 0) words.push_back("NO-CARRIER");
    if ((flags & IFF_LOOPBACK) != 0) words.push_back("LOOPBACK");
    if ((flags & IFF_UP) != 0) words.push_back("UP");
    return words;
}

std::string hexadecimal(uint32_t value) {
    char text[16];
    std::snprintf(text, sizeof(text), "0x%x", value);
    return text;
}

json info_data_of(const std::string& kind, const Attributes& data) {
    json described = json::object();
    if (kind == "xfrm") {
        if (const auto id = data.as<uint32_t>(IFLA_XFRM_IF_ID)) described["if_id"] = hexadecimal(*id);
    } else if (kind == "vxlan") {
        if (const auto id = data.as<uint32_t>(IFLA_VXLAN_ID)) described["id"] = *id;
        if (const auto group = data.as<in_addr>(IFLA_VXLAN_GROUP)) described["remote"] = address_text(AF_INET, &*group);
        if (const auto local = data.as<in_addr>(IFLA_VXLAN_LOCAL)) described["local"] = address_text(AF_INET, &*local);
        if (const auto port = data.as<uint16_t>(IFLA_VXLAN_PORT)) described["port"] = ntohs(*port);
    } else if (kind == "vlan") {
        if (const auto id = data.as<uint16_t>(IFLA_VLAN_ID)) described["id"] = *id;
    }
    return described;
}

json link_of(const RouteMessage& message, const ifinfomsg& info, const Names& names) {
    const Attributes attributes = message.attributes<ifinfomsg>();
    json link{{"ifindex", info.ifi_index}, {"ifname", attributes.text(IFLA_IFNAME)}, {"flags", flags_of(info.ifi_flags)}};
    if (const auto mtu = attributes.as<uint32_t>(IFLA_MTU)) link["mtu"] = *mtu;
    const ByteView address = attributes.get(IFLA_ADDRESS);
    if (address && address.size > 0) link["address"] = ethernet_text(address.data, address.size);
    const auto below = attributes.as<int>(IFLA_LINK);
    if (below && *below != 0 && *below != info.ifi_index && !attributes.has(IFLA_LINK_NETNSID)) link["link"] = name_of(names, *below);
    if (const auto master = attributes.as<int>(IFLA_MASTER)) link["master"] = name_of(names, *master);
    if (attributes.has(IFLA_IFALIAS)) link["ifalias"] = attributes.text(IFLA_IFALIAS);
    const Attributes link_info = attributes.nest(IFLA_LINKINFO);
    if (link_info.has(IFLA_INFO_KIND)) {
        const std::string kind = link_info.text(IFLA_INFO_KIND);
        link["linkinfo"] = {{"info_kind", kind}, {"info_data", info_data_of(kind, link_info.nest(IFLA_INFO_DATA))}};
    }
    return link;
}

using Links = std::map<int, json>;

Links read_links(RouteSocket& socket) {
    const Names names = read_names(socket);
    Links links;
    dump_whole([&] {
        links.clear();
        RouteRequest request = all_links();
        return socket.dump(request, [&](const RouteMessage& message) {
            if (const auto info = message.fixed<ifinfomsg>()) links[info->ifi_index] = link_of(message, *info, names);
        });
    });
    return links;
}

/** Names of the devices that this one leads to. */
Names read_names_beside(RouteSocket& socket, const RouteMessage& message) {
    const Attributes attributes = message.attributes<ifinfomsg>();
    Names names;
    for (const uint16_t type : {IFLA_LINK, IFLA_MASTER}) {
        const auto index = attributes.as<int>(type);
        const auto beside = index && *index != 0 ? find_link(socket, *index) : std::nullopt;
        if (beside) names[*index] = beside->get().attributes<ifinfomsg>().text(IFLA_IFNAME);
    }
    return names;
}

/** That one, without a look at any other but those it leads to. */
Links read_link(RouteSocket& socket, const std::string& device) {
    const auto link = find_link(socket, device);
    const auto info = link ? link->get().fixed<ifinfomsg>() : std::nullopt;
    if (!info) return {};
    return {{info->ifi_index, link_of(link->get(), *info, read_names_beside(socket, link->get()))}};
}

/** @param only the index of the device whose addresses are wanted; 0: of all. */
void add_addresses(RouteSocket& socket, Links& links, int only) {
    dump_whole([&] {
        for (auto& [index, link] : links) link["addr_info"] = json::array();
        ifaddrmsg fixed{};
        fixed.ifa_index = static_cast<uint32_t>(only);
        RouteRequest request(RTM_GETADDR, 0, fixed);
        return socket.dump(request, [&](const RouteMessage& message) {
            const auto info = message.fixed<ifaddrmsg>();
            const auto found = info ? links.find(static_cast<int>(info->ifa_index)) : links.end();
            if (found == links.end()) return;
            const Attributes attributes = message.attributes<ifaddrmsg>();
            const ByteView local = attributes.has(IFA_LOCAL) ? attributes.get(IFA_LOCAL) : attributes.get(IFA_ADDRESS);
            if (!local || local.size != (info->ifa_family == AF_INET ? 4U : 16U)) return;
            found->second["addr_info"].push_back({{"family", info->ifa_family == AF_INET ? "inet" : "inet6"},
                                                  {"local", address_text(info->ifa_family, local.data)},
                                                  {"prefixlen", info->ifa_prefixlen},
                                                  {"scope", std::to_string(info->ifa_scope)}});
        });
    });
}

json show_links(RouteSocket& socket, const std::string& device, bool with_addresses) {
    Links links = device.empty() ? read_links(socket) : read_link(socket, device);
    if (with_addresses && !links.empty()) add_addresses(socket, links, device.empty() ? 0 : links.begin()->first);
    json answer = json::array();
    for (auto& [index, link] : links) answer.push_back(std::move(link));
    return answer;
}

std::string destination_text(const Attributes& attributes, uint16_t type, uint8_t family, uint8_t length) {
    const ByteView value = attributes.get(type);
    const uint8_t whole = family == AF_INET ? 32 : 128;
    if (!value || value.size * 8 != whole) return length == 0 ? "default" : "";
    const std::string text = address_text(family, value.data);
    return length == whole ? text : text + "/" + std::to_string(length);
}

json next_hop_of(const Attributes& attributes, uint8_t family, int index, const Names& names) {
    json hop = json::object();
    const ByteView gateway = attributes.get(RTA_GATEWAY);
    if (gateway && gateway.size == (family == AF_INET ? 4U : 16U)) hop["gateway"] = address_text(family, gateway.data);
    if (index != 0) hop["dev"] = name_of(names, index);
    return hop;
}

json next_hops_of(ByteView bytes, uint8_t family, const Names& names) {
    json hops = json::array();
    while (bytes.size >= sizeof(rtnexthop)) {
        rtnexthop hop;
        std::memcpy(&hop, bytes.data, sizeof(hop));
        if (hop.rtnh_len < sizeof(hop) || hop.rtnh_len > bytes.size) break;
        const Attributes attributes({bytes.data + RTNH_LENGTH(0), hop.rtnh_len - RTNH_LENGTH(0)});
        json described = next_hop_of(attributes, family, hop.rtnh_ifindex, names);
        described["weight"] = hop.rtnh_hops + 1;
        hops.push_back(std::move(described));
        const size_t step = std::min<size_t>(RTNH_ALIGN(hop.rtnh_len), bytes.size);
        bytes = {bytes.data + step, bytes.size - step};
    }
    return hops;
}

json route_of(const rtmsg& info, const Attributes& attributes, uint32_t table, const Names& names) {
    json route{{"type", std::to_string(info.rtm_type)},
               {"dst", destination_text(attributes, RTA_DST, info.rtm_family, info.rtm_dst_len)},
               {"table", std::to_string(table)},
               {"protocol", std::to_string(info.rtm_protocol)},
               {"scope", std::to_string(info.rtm_scope)}};
    if (const auto metric = attributes.as<uint32_t>(RTA_PRIORITY)) route["metric"] = *metric;
    const ByteView source = attributes.get(RTA_PREFSRC);
    if (source && source.size == (info.rtm_family == AF_INET ? 4U : 16U)) route["prefsrc"] = address_text(info.rtm_family, source.data);
    if (attributes.has(RTA_MULTIPATH))
        route["nexthops"] = next_hops_of(attributes.get(RTA_MULTIPATH), info.rtm_family, names);
    else
        route.update(next_hop_of(attributes, info.rtm_family, attributes.as<int>(RTA_OIF).value_or(0), names));
    return route;
}

bool leads_by(const json& route, const std::string& device) {
    if (route.value("dev", "") == device) return true;
    if (!route.contains("nexthops")) return false;
    for (const json& hop : route["nexthops"])
        if (hop.value("dev", "") == device) return true;
    return false;
}

/** Of every table but the kernel's own, `local`; or of the main one, the default ones or those by a device. */
json show_routes(RouteSocket& socket, uint8_t family, Words& words) {
    const bool all = words.take_if("table");
    if (all && !words.take_if("all")) throw RequestError("only all tables are shown");
    const bool only_default = words.take_if("default");
    const std::string device = words.take_if("dev") ? words.take() : "";
    const Names names = read_names(socket);
    if (!device.empty() && find_device(socket, device) == 0) throw RequestError("Cannot find device \"" + device + "\"");
    json routes;
    dump_whole([&] {
        routes = json::array();
        rtmsg fixed{};
        fixed.rtm_family = family;
        RouteRequest request(RTM_GETROUTE, 0, fixed);
        return socket.dump(request, [&](const RouteMessage& message) {
            const auto info = message.fixed<rtmsg>();
            if (!info || info->rtm_family != family || (info->rtm_flags & RTM_F_CLONED) != 0) return;
            const Attributes attributes = message.attributes<rtmsg>();
            const uint32_t table = attributes.as<uint32_t>(RTA_TABLE).value_or(info->rtm_table);
            if (all ? table == RT_TABLE_LOCAL : table != RT_TABLE_MAIN) return;
            if (only_default && info->rtm_dst_len != 0) return;
            json route = route_of(*info, attributes, table, names);
            if (device.empty() || leads_by(route, device)) routes.push_back(std::move(route));
        });
    });
    return routes;
}

json show_rules(RouteSocket& socket) {
    json rules;
    dump_whole([&] {
        rules = json::array();
        fib_rule_hdr fixed{};
        fixed.family = AF_INET;
        RouteRequest request(RTM_GETRULE, 0, fixed);
        return socket.dump(request, [&](const RouteMessage& message) {
            const auto info = message.fixed<fib_rule_hdr>();
            if (!info) return;
            const Attributes attributes = message.attributes<fib_rule_hdr>();
            json rule{{"priority", attributes.as<uint32_t>(FRA_PRIORITY).value_or(0)}};
            const auto end = [&](const char* name, const char* length_name, uint16_t type, uint8_t length) {
                const auto address = attributes.as<in_addr>(type);
                if (!address) return;
                rule[name] = address_text(AF_INET, &*address);
                if (length != 32) rule[length_name] = length;
            };
            rule["src"] = "all";
            end("src", "srclen", FRA_SRC, info->src_len);
            end("dst", "dstlen", FRA_DST, info->dst_len);
            if (attributes.has(FRA_IIFNAME)) rule["iif"] = attributes.text(FRA_IIFNAME);
            if (attributes.has(FRA_OIFNAME)) rule["oif"] = attributes.text(FRA_OIFNAME);
            const uint32_t mark = attributes.as<uint32_t>(FRA_FWMARK).value_or(0);
            const uint32_t mask = attributes.as<uint32_t>(FRA_FWMASK).value_or(0);
            if (mark != 0 || mask != 0) rule["fwmark"] = hexadecimal(mark);
            if (mask != 0 && mask != UINT32_MAX) rule["fwmask"] = hexadecimal(mask);
            if (info->action == FR_ACT_TO_TBL)
                rule["table"] = std::to_string(attributes.as<uint32_t>(FRA_TABLE).value_or(info->table));
            else if (info->action == FR_ACT_GOTO)
                rule["goto"] = attributes.as<uint32_t>(FRA_GOTO).value_or(0);
            else
                rule["action"] = std::to_string(info->action);
            if (const auto protocol = attributes.as<uint8_t>(FRA_PROTOCOL)) rule["protocol"] = std::to_string(*protocol);
            rules.push_back(std::move(rule));
        });
    });
    return rules;
}

json show_neighbours(RouteSocket& socket, bool proxies) {
    const Names names = read_names(socket);
    json neighbours;
    dump_whole([&] {
        neighbours = json::array();
        ndmsg fixed{};
        fixed.ndm_family = AF_INET;
        fixed.ndm_flags = proxies ? NTF_PROXY : 0;
        RouteRequest request(RTM_GETNEIGH, 0, fixed);
        return socket.dump(request, [&](const RouteMessage& message) {
            const auto info = message.fixed<ndmsg>();
            if (!info || info->ndm_family != AF_INET || ((info->ndm_flags & NTF_PROXY) != 0) != proxies) return;
            if (!proxies && (info->ndm_state & NUD_PERMANENT) == 0 && (info->ndm_flags & NTF_EXT_LEARNED) == 0) return;
            const Attributes attributes = message.attributes<ndmsg>();
            const auto address = attributes.as<in_addr>(NDA_DST);
            if (!address) return;
            json neighbour{{"dst", address_text(AF_INET, &*address)}, {"dev", name_of(names, info->ndm_ifindex)}};
            const ByteView ethernet = attributes.get(NDA_LLADDR);
            if (ethernet) neighbour["lladdr"] = ethernet_text(ethernet.data, ethernet.size);
            if (proxies) neighbour["proxy"] = nullptr;
            if ((info->ndm_flags & NTF_EXT_LEARNED) != 0) neighbour["extern_learn"] = nullptr;
            if ((attributes.as<uint32_t>(NDA_FLAGS_EXT).value_or(0) & NTF_EXT_MANAGED) != 0) neighbour["managed"] = nullptr;
            if (const auto protocol = attributes.as<uint8_t>(NDA_PROTOCOL)) neighbour["protocol"] = std::to_string(*protocol);
            neighbour["state"] = json::array();
            if ((info->ndm_state & NUD_PERMANENT) != 0) neighbour["state"].push_back("PERMANENT");
            neighbours.push_back(std::move(neighbour));
        });
    });
    return neighbours;
}

std::string handle_text(uint32_t handle) {
    char text[24];
    if (TC_H_MIN(handle) == 0)
        std::snprintf(text, sizeof(text), "%x:", TC_H_MAJ(handle) >> 16);
    else
        std::snprintf(text, sizeof(text), "%x:%x", TC_H_MAJ(handle) >> 16, TC_H_MIN(handle));
    return text;
}

json qdisc_options_of(const std::string& kind, const Attributes& attributes) {
    json options = json::object();
    if (kind == "tbf") {
        const Attributes data = attributes.nest(TCA_OPTIONS);
        if (const auto parameters = data.as<tc_tbf_qopt>(TCA_TBF_PARMS))
            options["rate"] = data.as<uint64_t>(TCA_TBF_RATE64).value_or(parameters->rate.rate);
    } else if (kind == "bfifo") {
        if (const auto queue = attributes.as<tc_fifo_qopt>(TCA_OPTIONS)) options["limit"] = queue->limit;
    }
    return options;
}

json show_qdiscs(RouteSocket& socket) {
    const Names names = read_names(socket);
    json qdiscs;
    dump_whole([&] {
        qdiscs = json::array();
        RouteRequest request(RTM_GETQDISC, 0, tcmsg{});
        return socket.dump(request, [&](const RouteMessage& message) {
            const auto info = message.fixed<tcmsg>();
            if (!info) return;
            const Attributes attributes = message.attributes<tcmsg>();
            const std::string kind = attributes.text(TCA_KIND);
            json qdisc{{"kind", kind}, {"dev", name_of(names, info->tcm_ifindex)}, {"options", qdisc_options_of(kind, attributes)}};
            if (info->tcm_parent == TC_H_ROOT)
                qdisc["root"] = true;
            else
                qdisc["parent"] = handle_text(info->tcm_parent);
            qdiscs.push_back(std::move(qdisc));
        });
    });
    return qdiscs;
}

}  // namespace

json show(RouteSocket& socket, const std::string& query) {
    Words words(query);
    const uint8_t family = words.take_if("-6") ? AF_INET6 : AF_INET;
    const std::string object = words.take();
    if (!words.take_if("show")) throw RequestError("a query shows something");
    json answer;
    if (object == "address" || object == "link")
        answer = show_links(socket, words.take_if("dev") ? words.take() : "", object == "address");
    else if (object == "route")
        answer = show_routes(socket, family, words);
    else if (object == "rule")
        answer = show_rules(socket);
    else if (object == "neighbour" && words.take_if("proxy"))
        answer = show_neighbours(socket, true);
    else if (object == "neighbour" && words.take_if("nud") && words.take_if("permanent"))
        answer = show_neighbours(socket, false);
    else if (object == "qdisc")
        answer = show_qdiscs(socket);
    else
        throw RequestError("nobody knows how to show " + object);
    if (!words.is_empty()) throw RequestError("what is \"" + words.peek() + "\" in " + query + "?");
    return answer;
}

}  // namespace netnsd
