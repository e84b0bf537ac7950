#include "selector.h"

#include <arpa/inet.h>

namespace uxfrm {

Selector::Selector(const xfrm_selector& raw) : raw_(raw) {
    if (raw.family != AF_INET && raw.family != AF_INET6) return;
    source_ = IpAddress::from_xfrm(raw.family, raw.saddr);
    destination_ = IpAddress::from_xfrm(raw.family, raw.daddr);
}

bool Selector::matches(const InnerPacket& packet) const {
    return packet.source.family == raw_.family && prefix_equal(packet.destination, destination_, raw_.prefixlen_d) &&
           prefix_equal(packet.source, source_, raw_.prefixlen_s) &&
           ((htons(packet.destination_port) ^ raw_.dport) & raw_.dport_mask) == 0 &&
           ((htons(packet.source_port) ^ raw_.sport) & raw_.sport_mask) == 0 &&
           (raw_.proto == 0 || raw_.proto == packet.protocol);
}

Selector Selector::of_flow(const InnerPacket& packet) {
    xfrm_selector raw{};
    raw.family = packet.source.family;
    raw.saddr = packet.source.to_xfrm();
    raw.daddr = packet.destination.to_xfrm();
    raw.prefixlen_s = raw.prefixlen_d = packet.version == 4 ? 32 : 128;
    raw.proto = packet.protocol;
    raw.sport = htons(packet.source_port);
    raw.dport = htons(packet.destination_port);
    raw.sport_mask = raw.dport_mask = 0xffff;
    return Selector(raw);
}

bool Selector::valid() const {
    const unsigned bits = raw_.family == AF_INET ? 32 : raw_.family == AF_INET6 ? 128 : 0;
    return bits != 0 && raw_.prefixlen_s <= bits && raw_.prefixlen_d <= bits;
}

}  // namespace uxfrm
