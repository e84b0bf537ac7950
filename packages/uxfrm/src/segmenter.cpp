#include "segmenter.h"

#include <netinet/in.h>

#include <algorithm>
#include <cstring>

#include "bytes.h"
#include "checksum.h"

namespace uxfrm {
namespace {

constexpr size_t tcp_header = 20;
constexpr size_t udp_header = 8;
constexpr uint8_t tcp_fin = 0x01;
constexpr uint8_t tcp_psh = 0x08;
constexpr uint8_t tcp_cwr = 0x80;

bool type_fits(uint8_t gso_type, const InnerPacket& inner) {
    switch (gso_type) {
        case VirtioHeader::gso_tcp4: return inner.version == 4 && inner.protocol == IPPROTO_TCP;
        case VirtioHeader::gso_tcp6: return inner.version == 6 && inner.protocol == IPPROTO_TCP;
        case VirtioHeader::gso_udp: return inner.protocol == IPPROTO_UDP;
        default: return false;
    }
}

/** Length of the headers that every segment repeats; 0 when they are cut off. */
size_t repeated_header_length(const uint8_t* packet, const InnerPacket& inner) {
    const size_t available = inner.length - inner.transport_offset;
    if (inner.protocol == IPPROTO_UDP) return available < udp_header ? 0 : inner.transport_offset + udp_header;
    if (available < tcp_header) return 0;
    const size_t tcp_length = (packet[inner.transport_offset + 12] >> 4) * 4u;
    if (tcp_length < tcp_header || tcp_length > available) return 0;
    return inner.transport_offset + tcp_length;
}

}  // namespace

std::optional<Segmenter> Segmenter::plan(const VirtioHeader& header, const uint8_t* packet, const InnerPacket& inner) {
    Segmenter plan(packet, inner);
    const auto gso_type = static_cast<uint8_t>(header.gso_type & ~VirtioHeader::gso_ecn);
    if (gso_type != VirtioHeader::gso_none) {
        if (!type_fits(gso_type, inner) || inner.fragment || header.gso_size == 0) return std::nullopt;
        plan.header_length_ = repeated_header_length(packet, inner);
        if (plan.header_length_ == 0) return std::nullopt;
        plan.kind_ = inner.protocol == IPPROTO_TCP ? Kind::tcp : Kind::udp;
        plan.segment_size_ = header.gso_size;
        const size_t payload = inner.length - plan.header_length_;
        plan.count_ = std::max<size_t>(1, (payload + plan.segment_size_ - 1) / plan.segment_size_);
        return plan;
    }
    if ((header.flags & VirtioHeader::needs_checksum) == 0) return plan;
    plan.kind_ = Kind::whole_with_checksum;
    plan.checksum_start_ = header.checksum_start;
    plan.checksum_offset_ = header.checksum_offset;
    const size_t minimum = plan.checksum_start_ + plan.checksum_offset_ + 2;
    if (minimum > inner.length || plan.checksum_start_ < inner.transport_offset) return std::nullopt;
    return plan;
}

size_t Segmenter::payload_length(size_t index) const {
    const size_t payload = inner_.length - header_length_;
    return std::min(segment_size_, payload - index * segment_size_);
}

size_t Segmenter::length(size_t index) const {
    const bool whole = kind_ == Kind::whole || kind_ == Kind::whole_with_checksum;
    return whole ? inner_.length : header_length_ + payload_length(index);
}

void Segmenter::write(size_t index, uint8_t* out) const {
    if (kind_ == Kind::whole || kind_ == Kind::whole_with_checksum) {
        complete_whole(out);
        return;
    }
    const size_t total = length(index);
    std::memcpy(out, packet_, header_length_);
    std::memcpy(out + header_length_, packet_ + header_length_ + index * segment_size_, total - header_length_);
    fix_ip(index, total, out);
    if (kind_ == Kind::tcp)
        fix_tcp(index, out + inner_.transport_offset);
    else
        fix_udp(total - inner_.transport_offset, out + inner_.transport_offset);
    fix_l4_checksum(total, out);
}

/** The checksum field holds the pseudo-header sum already; UDP sends 0 as 0xffff (RFC 768). */
void Segmenter::complete_whole(uint8_t* out) const {
    std::memcpy(out, packet_, inner_.length);
    if (kind_ == Kind::whole) return;
    uint16_t sum = checksum_finish(checksum_sum(out + checksum_start_, inner_.length - checksum_start_));
    if (sum == 0 && inner_.protocol == IPPROTO_UDP) sum = 0xffff;
    std::memcpy(out + checksum_start_ + checksum_offset_, &sum, sizeof(sum));
}

void Segmenter::fix_ip(size_t index, size_t length, uint8_t* out) const {
    if (inner_.version == 6) {
        store_be16(out + 4, static_cast<uint16_t>(length - 40));
        return;
    }
    store_be16(out + 2, static_cast<uint16_t>(length));
    store_be16(out + 4, static_cast<uint16_t>(load_be16(packet_ + 4) + index));
    set_ipv4_checksum(out, (out[0] & 0x0f) * 4u);
}

/** FIN and PSH belong to the last segment, CWR to the first (RFC 3168 section 6.1.2). */
void Segmenter::fix_tcp(size_t index, uint8_t* tcp) const {
    store_be32(tcp + 4, load_be32(tcp + 4) + static_cast<uint32_t>(index * segment_size_));
    uint8_t flags = tcp[13];
    if (index + 1 < count_) flags = static_cast<uint8_t>(flags & ~(tcp_fin | tcp_psh));
    if (index > 0) flags = static_cast<uint8_t>(flags & ~tcp_cwr);
    tcp[13] = flags;
}

void Segmenter::fix_udp(size_t length, uint8_t* udp) const { store_be16(udp + 4, static_cast<uint16_t>(length)); }

void Segmenter::fix_l4_checksum(size_t length, uint8_t* out) const {
    uint8_t* l4 = out + inner_.transport_offset;
    const size_t l4_length = length - inner_.transport_offset;
    uint8_t* field = l4 + (kind_ == Kind::tcp ? 16 : 6);
    std::memset(field, 0, 2);
    uint16_t sum = checksum_finish(pseudo_header_sum(out, inner_.protocol, l4_length) + checksum_sum(l4, l4_length));
    if (sum == 0 && kind_ == Kind::udp) sum = 0xffff;
    std::memcpy(field, &sum, sizeof(sum));
}

}  // namespace uxfrm
