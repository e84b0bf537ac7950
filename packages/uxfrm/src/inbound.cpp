#include "inbound.h"

#include <algorithm>

#include "traffic_class.h"

namespace uxfrm {
namespace {

constexpr int batches_per_turn = 4;
constexpr uint64_t mapping_interval_seconds = 1;
constexpr size_t expected_datagrams = 4096;

}  // namespace

Inbound::Inbound(Sad& sad, Spd& spd, SaLifecycle& lifecycle, TunTable& tuns, PacketEvents& events, DropCounters& drops,
                 const Clock& clock, size_t lane)
    : sad_(sad), spd_(spd), lifecycle_(lifecycle), tuns_(tuns), events_(events), drops_(drops), clock_(clock), lane_(lane) {
    datagrams_.reserve(expected_datagrams);
    touched_.reserve(64);
}

void Inbound::drain(OuterReceiver& receiver, OuterTransport transport) {
    for (int i = 0; i < batches_per_turn; ++i) {
        datagrams_.clear();
        if (!receiver.receive(transport, datagrams_)) return;
        for (const OuterDatagram& datagram : datagrams_) receive(datagram);
        flush();
    }
}

void Inbound::receive(const OuterDatagram& datagram) {
    if (datagram.length < esp_header_length) return drops_.add(Drop::in_header_error);
    SecurityAssociation* sa = find_sa(datagram);
    if (!sa) return drops_.add(Drop::in_no_states);
    hold(*sa);
    if (!usable(*sa, datagram)) return;
    const auto opened = open(*sa, datagram);
    if (!opened) return;
    sa->last_used = clock_.monotonic_seconds();
    sa->usage.account(opened->length, sa->last_used);
    notice_mapping(*sa, datagram);
    decapsulate(*sa, *opened, datagram.tos);
}

void Inbound::flush() {
    if (held_) held_ = {};
    for (TunDevice* tun : touched_) tun->flush(lane_);
    touched_.clear();
}

SecurityAssociation* Inbound::find_sa(const OuterDatagram& datagram) {
    SaId id;
    id.destination = datagram.destination;
    std::memcpy(&id.spi, datagram.data, sizeof(id.spi));
    const bool cached = cached_generation_ == sad_.generation() && cached_sa_ && cached_sa_->id == id;
    if (!cached) {
        cached_sa_ = sad_.find(id);
        cached_generation_ = sad_.generation();
    }
    return cached_sa_;
}

/** Never two at a time, so nobody can wait for each other. */
void Inbound::hold(SecurityAssociation& sa) {
    if (held_.mutex() == &sa.mutex) return;
    if (held_) held_.unlock();
    held_ = std::unique_lock(sa.mutex);
}

/** The checks of xfrm_input before the transform. */
bool Inbound::usable(SecurityAssociation& sa, const OuterDatagram& datagram) {
    if (sa.state == SaState::larval) {
        drops_.add(Drop::acquire_error);
        return false;
    }
    if (sa.in_udp() != datagram.in_udp) {
        drops_.add(Drop::in_state_mismatch);
        return false;
    }
    if (!sa.claim(SaDirection::in)) {
        drops_.add(Drop::in_state_direction_error);
        return false;
    }
    if (!lifecycle_.admit(sa)) {
        drops_.add(Drop::in_state_expired);
        return false;
    }
    return true;
}

std::optional<OpenedEsp> Inbound::open(SecurityAssociation& sa, const OuterDatagram& datagram) {
    const auto sequence = sa.replay.check(load_be32(datagram.data + 4));
    if (!sequence) {
        ++sa.replay_drops;
        drops_.add(Drop::in_state_sequence_error);
        return std::nullopt;
    }
    auto opened = sa.transform->open(datagram.data, datagram.length, *sequence);
    if (!opened) {
        ++sa.integrity_failures;
        drops_.add(Drop::in_state_protocol_error);
        return std::nullopt;
    }
    sa.replay.advance(*sequence);
    return opened;
}

void Inbound::notice_mapping(SecurityAssociation& sa, const OuterDatagram& datagram) {
    if (!sa.in_udp()) return;  // without UDP there is no NAT to follow: any source will do, as in the kernel
    if (datagram.source_port == sa.encapsulation.encap_sport && datagram.source == sa.source) return;
    const uint64_t now = clock_.monotonic_seconds();
    // km_new_mapping: a longer interval that IKE asked for does not count for yet another port.
    const bool longer = sa.mapping_interval > mapping_interval_seconds && sa.mapping_port == datagram.source_port;
    const uint64_t interval = longer ? sa.mapping_interval : mapping_interval_seconds;
    if (sa.mapping_reported != 0 && now - sa.mapping_reported < interval) return;
    sa.mapping_reported = now;
    sa.mapping_port = datagram.source_port;
    events_.mapping(sa, datagram.source, datagram.source_port);
}

void Inbound::decapsulate(SecurityAssociation& sa, const OpenedEsp& opened, uint8_t outer) {
    if (opened.next_header == IPPROTO_NONE) return;  // dummy packet, RFC 4303 section 2.6
    const int version = opened.next_header == IPPROTO_IPIP ? 4 : opened.next_header == IPPROTO_IPV6 ? 6 : 0;
    const auto inner = parse_inner_packet(opened.payload, opened.length);
    if (!inner || inner->version != version) return drops_.add(Drop::in_state_mode_error);
    if (!policy_allows(sa, *inner)) return;
    TunDevice* tun = tuns_.find(sa.if_id);
    if (!tun) return drops_.add(Drop::in_buffer_error);
    apply_outer_tos(sa, outer, opened.payload, *inner);
    if (std::find(touched_.begin(), touched_.end(), tun) == touched_.end()) touched_.push_back(tun);
    tun->push(lane_, opened.payload, *inner);
}

/** RFC 4301 section 5.2, step 4: the packet must be one that the SA's own policy would have sent. */
bool Inbound::policy_allows(const SecurityAssociation& sa, const InnerPacket& inner) {
    Policy* policy = spd_.lookup(sa.if_id, XFRM_POLICY_IN, inner);
    if (!policy) {
        drops_.add(Drop::in_no_policies);
        return false;
    }
    if (policy->action == XFRM_POLICY_BLOCK) {
        drops_.add(Drop::in_policy_block);
        return false;
    }
    const PolicyTemplate* tunnel = policy->tunnel();
    if (!tunnel || !tunnel->satisfied_by(sa)) {
        drops_.add(Drop::in_template_mismatch);
        return false;
    }
    policy->mark_used(sa.last_used);
    return true;
}

}  // namespace uxfrm
