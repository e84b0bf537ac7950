#include "traffic_class.h"

#include "bytes.h"
#include "checksum.h"

namespace uxfrm {
namespace {

constexpr uint8_t dscp_mask = 0xfc;
constexpr uint8_t ecn_mask = 0x03;
constexpr uint8_t congestion_experienced = 0x03;

void set_tos(uint8_t* packet, const InnerPacket& inner, uint8_t tos) {
    if (inner.version == 6) {
        store_be16(packet, static_cast<uint16_t>((load_be16(packet) & 0xf00f) | tos << 4));
        return;
    }
    packet[1] = tos;
    set_ipv4_checksum(packet, (packet[0] & 0x0f) * 4u);
}

}  // namespace

uint8_t outer_tos(const SecurityAssociation& sa, uint8_t inner_tos) {
    uint8_t tos = inner_tos;
    if ((sa.extra_flags & XFRM_SA_XFLAG_DONT_ENCAP_DSCP) != 0) tos = static_cast<uint8_t>(tos & ~dscp_mask);
    if ((sa.flags & XFRM_STATE_NOECN) != 0) tos = static_cast<uint8_t>(tos & ~ecn_mask);
    return tos;
}

void apply_outer_tos(const SecurityAssociation& sa, uint8_t outer, uint8_t* packet, const InnerPacket& inner) {
    uint8_t tos = inner.tos;
    if ((sa.flags & XFRM_STATE_DECAP_DSCP) != 0) tos = static_cast<uint8_t>((tos & ecn_mask) | (outer & dscp_mask));
    const bool congested = (outer & ecn_mask) == congestion_experienced && (inner.tos & ecn_mask) != 0;
    if (congested && (sa.flags & XFRM_STATE_NOECN) == 0) tos = static_cast<uint8_t>(tos | congestion_experienced);
    if (tos != inner.tos) set_tos(packet, inner, tos);
}

}  // namespace uxfrm
