#include "outbound.h"

#include "too_big.h"
#include "traffic_class.h"

namespace uxfrm {
namespace {

constexpr size_t buffer_size = 65536 + 2112;
constexpr int packets_per_turn = 64;
/** The kernel repeats an ACQUIRE only after its larval SA has gone; IKE ignores repeats while it negotiates. */
constexpr uint64_t acquire_interval_seconds = 3;

/**
 * The outer header as xfrm4_tunnel_encap_add makes it: "don't fragment" is the inner packet's, unless the SA says
 * otherwise or the packet is known to need outer fragments.
 */
OuterRoute route_of(const SecurityAssociation& sa, const InnerPacket& inner, size_t inner_length) {
    OuterRoute route;
    route.source = sa.source;
    route.destination = sa.id.destination;
    route.destination_port = sa.in_udp() ? sa.encapsulation.encap_dport : uint16_t{0};
    route.transport = sa.transport();
    route.tos = outer_tos(sa, inner.tos);
    route.dont_fragment = inner.dont_fragment && inner_length <= sa.inner_mtu && !is_ipv6(route.transport) &&
                          (sa.flags & XFRM_STATE_NOPMTUDISC) == 0;
    return route;
}

}  // namespace

Outbound::Outbound(Sad& sad, Spd& spd, SaLifecycle& lifecycle, OuterSender& sender, TunTable& tuns, PacketEvents& events,
                   DropCounters& drops, const Clock& clock)
    : sad_(sad),
      spd_(spd),
      lifecycle_(lifecycle),
      sender_(sender),
      events_(events),
      tuns_(tuns),
      drops_(drops),
      clock_(clock),
      buffer_(std::make_unique<uint8_t[]>(buffer_size)) {}

bool Outbound::drain(TunDevice& tun) {
    ssize_t length = 0;
    for (int i = 0; i < packets_per_turn; ++i) {
        VirtioHeader header;
        length = tun.read(header, buffer_.get(), buffer_size);
        if (length <= 0) break;
        forward(tun.if_id(), header, buffer_.get(), static_cast<size_t>(length), tun.counters());
    }
    sender_.flush();
    return length >= 0;
}

void Outbound::forward(uint32_t if_id, const VirtioHeader& header, const uint8_t* packet, size_t length,
                       TunCounters& counters) {
    const auto inner = parse_inner_packet(packet, length);
    if (!inner) return drops_.add(Drop::out_error);
    Policy* policy = find_policy(if_id, *inner);
    if (!policy) return;
    SecurityAssociation* sa = resolve(*policy, *policy->tunnel());
    if (!sa) return wait_for_sa(*policy, header, {packet, length}, *inner);
    if (policy->waiting && !policy->waiting->empty()) send_waiting(*policy);
    const std::lock_guard held(sa->mutex);
    if (!sa->claim(SaDirection::out)) return drops_.add(Drop::out_state_direction_error);
    const auto plan = Segmenter::plan(header, packet, *inner);
    if (!plan) return drops_.add(Drop::out_error);
    if (!fits(if_id, *sa, packet, *inner, plan->length(0))) return drops_.add(Drop::out_too_big, plan->count());

    sa->last_used = clock_.monotonic_seconds();
    policy->mark_used(sa->last_used);
    const OuterRoute route = route_of(*sa, *inner, plan->length(0));
    const uint8_t next_header = inner->version == 4 ? IPPROTO_IPIP : IPPROTO_IPV6;
    size_t packets = 0, bytes = 0;
    for (size_t i = 0; i < plan->count(); ++i) {
        if (!lifecycle_.admit(*sa)) {
            drops_.add(Drop::out_state_expired, plan->count() - i);
            break;
        }
        if (!seal_segment(*sa, route, *plan, i, next_header)) continue;
        ++packets;
        bytes += plan->length(i);
    }
    counters.sent(packets, bytes);
}

/** Nothing ever leaves in clear: a policy that does not ask for one ESP tunnel cannot be followed here. */
Policy* Outbound::find_policy(uint32_t if_id, const InnerPacket& inner) {
    Policy* policy = spd_.lookup(if_id, XFRM_POLICY_OUT, inner);
    if (!policy) {
        drops_.add(Drop::out_policy_error);
        return nullptr;
    }
    if (policy->action == XFRM_POLICY_BLOCK) {
        drops_.add(Drop::out_policy_block);
        return nullptr;
    }
    if (!policy->tunnel()) {
        drops_.add(Drop::out_policy_error);
        return nullptr;
    }
    return policy;
}

/**
 * As xfrmi_xmit2: what is larger than the SA carries is answered when it must not be fragmented, and gets outer
 * fragments otherwise. Rare, since the device has the smallest MTU of its SAs.
 */
bool Outbound::fits(uint32_t if_id, const SecurityAssociation& sa, const uint8_t* packet, const InnerPacket& inner,
                    size_t length) {
    if (length <= sa.inner_mtu || !inner.dont_fragment || (inner.version == 6 && length <= ipv6_minimum_mtu)) return true;
    const TooBigReply reply(packet, inner, sa.inner_mtu);
    TunDevice* tun = tuns_.find(if_id);
    if (tun && reply.bytes()) tun->inject(reply.bytes());
    return false;
}

SecurityAssociation* Outbound::resolve(Policy& policy, const PolicyTemplate& tunnel) {
    if (policy.cached_generation != sad_.generation()) {
        const uint32_t spi = tunnel.raw.id.spi;
        policy.cached_sa = spi != 0 ? sad_.find({tunnel.destination, spi})
                                    : sad_.find_by_reqid(tunnel.raw.reqid, policy.if_id, tunnel.destination);
        policy.cached_generation = sad_.generation();
    }
    SecurityAssociation* sa = policy.cached_sa;
    if (!sa || sa->state != SaState::valid || sa->if_id != policy.if_id || !tunnel.satisfied_by(*sa)) return nullptr;
    return sa;
}

void Outbound::wait_for_sa(Policy& policy, const VirtioHeader& header, ByteView packet, const InnerPacket& inner) {
    if (!policy.waiting) policy.waiting = std::make_unique<WaitingPackets>(waiting_bytes_, drops_);
    policy.waiting->add(header, packet, clock_.monotonic_seconds());
    const uint64_t now = clock_.monotonic_seconds();
    if (policy.acquire_sent != 0 && now - policy.acquire_sent < acquire_interval_seconds) return;
    policy.acquire_sent = now;
    events_.acquire(policy, inner);
}

void Outbound::send_waiting(Policy& policy) {
    TunDevice* tun = tuns_.find(policy.if_id);
    TunCounters nowhere;
    for (const WaitingPackets::Packet& packet : policy.waiting->take())
        forward(policy.if_id, packet.header, packet.bytes.data(), packet.bytes.size(), tun ? tun->counters() : nowhere);
}

void Outbound::release_waiting() {
    if (*waiting_bytes_ == 0) return;
    if (released_sad_ == sad_.generation() && released_spd_ == spd_.generation()) return;
    released_sad_ = sad_.generation();
    released_spd_ = spd_.generation();
    spd_.for_each([this](Policy& policy) {
        if (policy.waiting && !policy.waiting->empty() && policy.tunnel() && resolve(policy, *policy.tunnel())) send_waiting(policy);
    });
    sender_.flush();
}

void Outbound::expire_waiting() {
    if (*waiting_bytes_ == 0) return;
    const uint64_t now = clock_.monotonic_seconds();
    spd_.for_each([now](Policy& policy) {
        if (policy.waiting) policy.waiting->expire(now);
    });
}

bool Outbound::seal_segment(SecurityAssociation& sa, const OuterRoute& route, const Segmenter& plan, size_t index,
                            uint8_t next_header) {
    const size_t length = plan.length(index);
    const size_t sealed = sa.transform->sealed_length(length);
    if (sealed > OuterSender::max_datagram) {
        drops_.add(Drop::out_error);
        return false;
    }
    const auto sequence = lifecycle_.next_sequence(sa);
    if (!sequence) {
        drops_.add(Drop::out_state_sequence_error);
        return false;
    }
    uint8_t* datagram = sender_.append(route, sealed);
    plan.write(index, datagram + sa.transform->payload_offset());
    if (!sa.transform->seal(datagram, length, next_header, sa.id.spi, *sequence)) {
        sender_.retract();
        drops_.add(Drop::out_state_protocol_error);
        return false;
    }
    sa.usage.account(length, clock_.monotonic_seconds());
    return true;
}

}  // namespace uxfrm
