#include "coalescer.h"

#include <netinet/in.h>

#include <cstring>

#include "bytes.h"
#include "checksum.h"

namespace uxfrm {
namespace {

constexpr size_t tcp_header = 20;
constexpr size_t udp_header = 8;
constexpr uint8_t tcp_psh = 0x08;
constexpr uint8_t tcp_ack = 0x10;
constexpr uint16_t ipv4_dont_fragment = 0x4000;

bool is_tcp(const InnerPacket& inner) { return inner.protocol == IPPROTO_TCP; }

size_t ip_header_length(const InnerPacket& inner) { return inner.version == 4 ? 20 : 40; }

/** IP, TCP with options or UDP; the caller has checked that they are there. */
size_t header_length(const uint8_t* packet, const InnerPacket& inner) {
    const size_t l4 = is_tcp(inner) ? (packet[inner.transport_offset + 12] >> 4) * 4u : udp_header;
    return inner.transport_offset + l4;
}

bool tcp_header_ok(const uint8_t* tcp, size_t available) {
    if (available < tcp_header) return false;
    const size_t length = (tcp[12] >> 4) * 4u;
    if (length < tcp_header || length >= available) return false;  // there must be payload
    if ((tcp[12] & 0x0f) != 0) return false;                       // AccECN and reserved bits
    return (tcp[13] & ~tcp_psh) == tcp_ack;
}

bool udp_header_ok(const uint8_t* udp, size_t available) {
    if (available <= udp_header || load_be16(udp + 4) != available) return false;
    return (udp[6] | udp[7]) != 0;  // no checksum: nothing to verify
}

bool checksum_ok(const uint8_t* packet, const InnerPacket& inner) {
    const size_t l4_length = inner.length - inner.transport_offset;
    const uint64_t sum = pseudo_header_sum(packet, inner.protocol, l4_length) +
                         checksum_sum(packet + inner.transport_offset, l4_length);
    return checksum_finish(sum) == 0;
}

bool ipv4_header_checksum_ok(const uint8_t* packet) { return checksum_finish(checksum_sum(packet, 20)) == 0; }

/** Every IP field that a segmented super-packet would give all its segments must be equal. */
bool same_ip_fields(const uint8_t* a, const uint8_t* b, const InnerPacket& inner, size_t index) {
    if (inner.version == 6) return std::memcmp(a, b, 4) == 0 && a[7] == b[7];
    if (a[1] != b[1] || a[8] != b[8] || load_be16(a + 6) != load_be16(b + 6)) return false;
    if ((load_be16(a + 6) & ipv4_dont_fragment) != 0) return true;  // RFC 6864: the ID of an atomic datagram means nothing
    return static_cast<uint16_t>(load_be16(a + 4) + index) == load_be16(b + 4);
}

/** Acknowledgement, flags but PSH, window, urgent pointer and options. */
bool same_tcp_fields(const uint8_t* a, const uint8_t* b) {
    if (std::memcmp(a + 8, b + 8, 5) != 0 || ((a[13] ^ b[13]) & ~tcp_psh) != 0) return false;
    const size_t length = (a[12] >> 4) * 4u;
    return std::memcmp(a + 14, b + 14, 2) == 0 && std::memcmp(a + 18, b + 18, length - 18) == 0;
}

bool has_psh(const uint8_t* packet, const InnerPacket& inner) {
    return is_tcp(inner) && (packet[inner.transport_offset + 13] & tcp_psh) != 0;
}

}  // namespace

void Coalescer::push(uint8_t* packet, const InnerPacket& inner) {
    const bool candidate = mergeable(packet, inner);
    if (Flow* flow = find(inner)) {
        if (candidate && continues(*flow, packet, inner)) {
            append(*flow, packet, inner);
            if (flow->closed) emit(*flow);
            return;
        }
        emit(*flow);
    }
    if (candidate && !has_psh(packet, inner))
        start(free_flow(), packet, inner);
    else
        pass(packet, inner);
}

void Coalescer::flush() {
    for (Flow& flow : flows_)
        if (flow.segments != 0) emit(flow);
}

bool Coalescer::mergeable(const uint8_t* packet, const InnerPacket& inner) const {
    if (inner.fragment || inner.transport_offset != ip_header_length(inner)) return false;
    const uint8_t* l4 = packet + inner.transport_offset;
    const size_t available = inner.length - inner.transport_offset;
    if (is_tcp(inner)) {
        if (!tcp_header_ok(l4, available)) return false;
    } else if (inner.protocol == IPPROTO_UDP) {
        if (!udp_enabled_ || !udp_header_ok(l4, available)) return false;
    } else {
        return false;
    }
    if (inner.version == 4 && !ipv4_header_checksum_ok(packet)) return false;
    return checksum_ok(packet, inner);
}

Coalescer::Flow* Coalescer::find(const InnerPacket& inner) {
    for (Flow& flow : flows_) {
        if (flow.segments == 0) continue;
        const InnerPacket& other = flow.inner;
        if (inner.source_port == other.source_port && inner.destination_port == other.destination_port &&
            inner.protocol == other.protocol && inner.source == other.source && inner.destination == other.destination)
            return &flow;
    }
    return nullptr;
}

Coalescer::Flow& Coalescer::free_flow() {
    for (Flow& flow : flows_)
        if (flow.segments == 0) return flow;
    Flow& victim = flows_[next_victim_];
    next_victim_ = (next_victim_ + 1) % max_flows;
    emit(victim);
    return victim;
}

void Coalescer::start(Flow& flow, uint8_t* packet, const InnerPacket& inner) {
    flow.segments = 1;
    flow.packet = packet;
    flow.inner = inner;
    flow.header_length = header_length(packet, inner);
    flow.gso_size = inner.length - flow.header_length;
    flow.length = inner.length;
    flow.closed = false;
    flow.parts[0] = {packet, inner.length};
    if (is_tcp(inner))
        flow.next_sequence = load_be32(packet + inner.transport_offset + 4) + static_cast<uint32_t>(flow.gso_size);
}

bool Coalescer::continues(const Flow& flow, const uint8_t* packet, const InnerPacket& inner) {
    const size_t header = header_length(packet, inner);
    const size_t payload = inner.length - header;
    if (header != flow.header_length || payload > flow.gso_size || flow.length + payload > max_length ||
        !same_ip_fields(flow.packet, packet, inner, flow.segments))
        return false;
    if (!is_tcp(inner)) return true;
    const uint8_t* tcp = packet + inner.transport_offset;
    return load_be32(tcp + 4) == flow.next_sequence && same_tcp_fields(flow.packet + inner.transport_offset, tcp);
}

void Coalescer::append(Flow& flow, uint8_t* packet, const InnerPacket& inner) {
    const size_t payload = inner.length - flow.header_length;
    flow.parts[flow.segments++] = {packet + flow.header_length, payload};
    flow.length += payload;
    flow.next_sequence += static_cast<uint32_t>(payload);
    if (has_psh(packet, inner)) {
        uint8_t& flags = flow.packet[inner.transport_offset + 13];
        flags = static_cast<uint8_t>(flags | tcp_psh);
        flow.closed = true;
    }
    if (payload < flow.gso_size || flow.segments == max_segments) flow.closed = true;
}

void Coalescer::emit(Flow& flow) {
    const size_t segments = flow.segments;
    flow.segments = 0;
    if (segments == 1) {
        pass(flow.packet, flow.inner);
        return;
    }
    uint8_t* ip = flow.packet;
    uint8_t* l4 = ip + flow.inner.transport_offset;
    const size_t l4_length = flow.length - flow.inner.transport_offset;
    VirtioHeader header;
    header.flags = VirtioHeader::needs_checksum;
    header.header_length = static_cast<uint16_t>(flow.header_length);
    header.gso_size = static_cast<uint16_t>(flow.gso_size);
    header.checksum_start = static_cast<uint16_t>(flow.inner.transport_offset);
    if (flow.inner.version == 4) {
        store_be16(ip + 2, static_cast<uint16_t>(flow.length));
        set_ipv4_checksum(ip, 20);
    } else {
        store_be16(ip + 4, static_cast<uint16_t>(l4_length));
    }
    if (is_tcp(flow.inner)) {
        header.gso_type = flow.inner.version == 4 ? VirtioHeader::gso_tcp4 : VirtioHeader::gso_tcp6;
        header.checksum_offset = 16;
    } else {
        header.gso_type = VirtioHeader::gso_udp;
        header.checksum_offset = 6;
        store_be16(l4 + 4, static_cast<uint16_t>(l4_length));
    }
    const uint16_t pseudo = checksum_fold(pseudo_header_sum(ip, flow.inner.protocol, l4_length));
    std::memcpy(l4 + header.checksum_offset, &pseudo, sizeof(pseudo));
    sink_.deliver(header, flow.parts.data(), segments, segments);
}

void Coalescer::pass(uint8_t* packet, const InnerPacket& inner) {
    const iovec part{packet, inner.length};
    sink_.deliver(VirtioHeader{}, &part, 1, 1);
}

}  // namespace uxfrm
