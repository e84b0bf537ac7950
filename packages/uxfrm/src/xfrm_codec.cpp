#include "xfrm_codec.h"

#include <linux/udp.h>
#include <netinet/in.h>

#include <algorithm>
#include <cerrno>

namespace uxfrm {
namespace {

/** Seconds an allocated SPI waits for its SA: the kernel's xfrm_acq_expires as charon sets it. */
constexpr uint64_t larval_seconds = 165;
/** XFRM_OFFLOAD_IPV6, which newer headers leave out. */
constexpr int offload_ipv6 = 1;
std::string algorithm_name(const char (&name)[64]) { return std::string(name, strnlen(name, sizeof(name))); }

/** Header struct of an algorithm attribute and the key behind it, whose length check_sa_request has seen. */
template <typename Header>
std::optional<KeyedAlgorithm> read_algorithm(const NetlinkMessage& message, uint16_t type, Header& header) {
    if (!message.read(type, header)) return std::nullopt;
    KeyedAlgorithm algorithm;
    algorithm.name = algorithm_name(header.alg_name);
    algorithm.key = SecretBytes(message.attribute(type).data + sizeof(Header), (size_t{header.alg_key_len} + 7) / 8);
    algorithm.key_bits = header.alg_key_len;
    return algorithm;
}

int decode_aead(const NetlinkMessage& message, SaAlgorithms& algorithms) {
    xfrm_algo_aead header{};
    algorithms.aead = read_algorithm(message, XFRMA_ALG_AEAD, header);
    if (!algorithms.aead) return 0;
    algorithms.aead->icv_bits = header.alg_icv_len;
    return aead_known(algorithms.aead->name, header.alg_icv_len) ? 0 : ENOSYS;
}

/** XFRMA_ALG_AUTH_TRUNC goes before XFRMA_ALG_AUTH, which has the algorithm's default truncation. */
int decode_integrity(const NetlinkMessage& message, SaAlgorithms& algorithms) {
    xfrm_algo_auth truncated{};
    xfrm_algo plain{};
    auto& integrity = algorithms.integrity;
    integrity = read_algorithm(message, XFRMA_ALG_AUTH_TRUNC, truncated);
    if (!integrity) integrity = read_algorithm(message, XFRMA_ALG_AUTH, plain);
    if (!integrity) return 0;
    const IntegrityAlgorithm* known = find_integrity(integrity->name);
    if (!known) return ENOSYS;
    if (truncated.alg_trunc_len > known->full_bits) return EINVAL;
    integrity->name = known->name;
    integrity->icv_bits = truncated.alg_trunc_len != 0 ? truncated.alg_trunc_len : known->default_bits;
    return 0;
}

/** An SA is reported with the algorithm's full name, whichever one it was installed with. */
int decode_cipher(const NetlinkMessage& message, SaAlgorithms& algorithms) {
    xfrm_algo header{};
    algorithms.cipher = read_algorithm(message, XFRMA_ALG_CRYPT, header);
    if (!algorithms.cipher) return 0;
    const char* known = full_cipher_name(algorithms.cipher->name);
    if (!known) return ENOSYS;
    algorithms.cipher->name = known;
    return 0;
}

/** xfrm_alloc_replay_state_esn, xfrm_init_replay; the bitmap may be left out. */
int decode_replay_esn(ByteView attribute, const xfrm_replay_state_esn& state, SecurityAssociation& sa) {
    if (state.replay_window > state.bmp_len * 32) return EINVAL;
    if (sa.esn() && state.replay_window == 0 && sa.declared_direction != SaDirection::out) return EINVAL;
    ReplayWindow::Bitmap bitmap{};
    const size_t length = state.bmp_len * sizeof(uint32_t);
    if (attribute.size >= sizeof(state) + length) std::memcpy(bitmap.data(), attribute.data + sizeof(state), length);
    const uint64_t high = sa.esn() ? state.seq_hi : 0;
    sa.replay = ReplayWindow(state.replay_window, sa.esn());
    sa.replay.restore(high << 32 | state.seq, bitmap);
    sa.output_sequence = (sa.esn() ? uint64_t{state.oseq_hi} << 32 : 0) | state.oseq;
    sa.replay_as_esn_attribute = true;
    sa.replay_words = state.bmp_len;
    return 0;
}

/** The older form: bit n of the bitmap is sequence number seq - n. */
void decode_replay_legacy(const xfrm_replay_state& state, SecurityAssociation& sa) {
    ReplayWindow::Bitmap bitmap{};
    for (uint32_t age = 0; age < sa.replay.size() && age < state.seq; ++age) {
        const uint32_t position = (state.seq - age - 1) % sa.replay.size();
        if ((state.bitmap >> age) & 1) bitmap[position / 32] |= 1u << (position % 32);
    }
    sa.replay.restore(state.seq, bitmap);
    sa.output_sequence = state.oseq;
}

int decode_replay(const NetlinkMessage& message, uint8_t window, SecurityAssociation& sa) {
    xfrm_replay_state_esn esn{};
    if (message.read(XFRMA_REPLAY_ESN_VAL, esn)) return decode_replay_esn(message.attribute(XFRMA_REPLAY_ESN_VAL), esn, sa);
    sa.replay = ReplayWindow(std::min<uint32_t>(window, 32), false);
    if (const auto state = message.attribute_as<xfrm_replay_state>(XFRMA_REPLAY_VAL)) decode_replay_legacy(*state, sa);
    return 0;
}

LifetimeLimits decode_limits(const xfrm_lifetime_cfg& cfg) {
    return {cfg.soft_byte_limit,          cfg.hard_byte_limit,          cfg.soft_packet_limit,
            cfg.hard_packet_limit,        cfg.soft_add_expires_seconds, cfg.hard_add_expires_seconds,
            cfg.soft_use_expires_seconds, cfg.hard_use_expires_seconds};
}

xfrm_lifetime_cfg encode_limits(const LifetimeLimits& limits) {
    xfrm_lifetime_cfg cfg{};
    cfg.soft_byte_limit = limits.soft_bytes;
    cfg.hard_byte_limit = limits.hard_bytes;
    cfg.soft_packet_limit = limits.soft_packets;
    cfg.hard_packet_limit = limits.hard_packets;
    cfg.soft_add_expires_seconds = limits.soft_add_seconds;
    cfg.hard_add_expires_seconds = limits.hard_add_seconds;
    cfg.soft_use_expires_seconds = limits.soft_use_seconds;
    cfg.hard_use_expires_seconds = limits.hard_use_seconds;
    return cfg;
}

LifetimeUsage decode_usage(const NetlinkMessage& message, const Clock& clock) {
    LifetimeUsage usage;
    usage.add_time = clock.monotonic_seconds();
    const auto current = message.attribute_as<xfrm_lifetime_cur>(XFRMA_LTIME_VAL);
    if (!current) return usage;
    usage.bytes = current->bytes;
    usage.packets = current->packets;
    if (current->add_time != 0) usage.add_time = clock.from_wall(current->add_time);
    usage.use_time = clock.from_wall(current->use_time);
    return usage;
}

/** Without XFRMA_ENCAP it is plain ESP. Other encapsulations are refused as esp_init_state does. */
int decode_encapsulation(const NetlinkMessage& message, SecurityAssociation& sa) {
    if (!message.attribute(XFRMA_ENCAP)) return 0;
    const auto encapsulation = message.attribute_as<xfrm_encap_tmpl>(XFRMA_ENCAP);
    if (!encapsulation || encapsulation->encap_type != UDP_ENCAP_ESPINUDP) return EINVAL;
    sa.encapsulation = *encapsulation;
    return 0;
}

/** xfrm_dev_state_add. Offload to a device is a wish that need not come true, in the SA's own direction. */
int check_offload(const NetlinkMessage& message, const SecurityAssociation& sa) {
    const auto offload = message.attribute_as<xfrm_user_offload>(XFRMA_OFFLOAD_DEV);
    if (!offload) return 0;
    const auto wished = (offload->flags & XFRM_OFFLOAD_INBOUND) != 0 ? SaDirection::in : SaDirection::out;
    if (sa.declared_direction != SaDirection::unknown && sa.declared_direction != wished) return EINVAL;
    return !sa.in_udp() && (offload->flags & ~(offload_ipv6 | XFRM_OFFLOAD_INBOUND)) == 0 ? 0 : EINVAL;
}

std::unique_ptr<SecurityAssociation> sa_from_info(const xfrm_usersa_info& info) {
    auto sa = std::make_unique<SecurityAssociation>();
    sa->id = {IpAddress::from_xfrm(info.family, info.id.daddr), info.id.spi};
    sa->source = IpAddress::from_xfrm(info.family, info.saddr);
    sa->reqid = info.reqid;
    sa->mode = info.mode;
    sa->flags = info.flags;
    sa->acquire_sequence = info.seq;
    sa->selector = info.sel;
    if (info.sel.family == AF_UNSPEC && (info.flags & XFRM_STATE_AF_UNSPEC) == 0) sa->selector.family = info.family;
    sa->limits = decode_limits(info.lft);
    return sa;
}

void declare_direction(const NetlinkMessage& message, SecurityAssociation& sa) {
    sa.direction = sa.declared_direction = declared_direction(message);
}

int decode_sa_attributes(const NetlinkMessage& message, uint8_t window, SecurityAssociation& sa, const Clock& clock) {
    if (has_mark(message)) return EOPNOTSUPP;
    if (const int error = decode_aead(message, sa.algorithms)) return error;
    if (const int error = decode_integrity(message, sa.algorithms)) return error;
    if (const int error = decode_cipher(message, sa.algorithms)) return error;
    if (const int error = decode_encapsulation(message, sa)) return error;
    TransformResult made = make_transform(sa.algorithms, sa.esn());
    if (made.error != 0) return made.error;
    sa.transform = std::move(made.transform);
    declare_direction(message, sa);
    if (const int error = decode_replay(message, window, sa)) return error;
    sa.mapping_interval = message.attribute_as<uint32_t>(XFRMA_MTIMER_THRESH).value_or(0);
    sa.if_id = message.attribute_as<uint32_t>(XFRMA_IF_ID).value_or(0);
    sa.extra_flags = message.attribute_as<uint32_t>(XFRMA_SA_EXTRA_FLAGS).value_or(0);
    sa.replay_threshold = message.attribute_as<uint32_t>(XFRMA_REPLAY_THRESH).value_or(sa.replay_threshold);
    sa.replay_timer = message.attribute_as<uint32_t>(XFRMA_ETIMER_THRESH).value_or(sa.replay_timer);
    sa.usage = decode_usage(message, clock);
    return check_offload(message, sa);
}

template <typename Header>
void add_algorithm(NetlinkBuilder& reply, uint16_t type, Header header, const KeyedAlgorithm& algorithm) {
    std::vector<uint8_t> value(sizeof(Header) + algorithm.key.size());
    algorithm.name.copy(header.alg_name, sizeof(header.alg_name) - 1);
    header.alg_key_len = algorithm.key_bits;
    std::memcpy(value.data(), &header, sizeof(header));
    if (algorithm.key.size() != 0) std::memcpy(value.data() + sizeof(header), algorithm.key.data(), algorithm.key.size());
    const SecretBytes secret(std::move(value));
    reply.attribute(type, secret.data(), secret.size());
}

void add_algorithms(NetlinkBuilder& reply, const SaAlgorithms& algorithms) {
    if (algorithms.aead) {
        xfrm_algo_aead header{};
        header.alg_icv_len = algorithms.aead->icv_bits;
        add_algorithm(reply, XFRMA_ALG_AEAD, header, *algorithms.aead);
    }
    if (algorithms.integrity) {
        xfrm_algo_auth header{};
        header.alg_trunc_len = algorithms.integrity->icv_bits;
        add_algorithm(reply, XFRMA_ALG_AUTH, xfrm_algo{}, *algorithms.integrity);
        add_algorithm(reply, XFRMA_ALG_AUTH_TRUNC, header, *algorithms.integrity);
    }
    if (algorithms.cipher) add_algorithm(reply, XFRMA_ALG_CRYPT, xfrm_algo{}, *algorithms.cipher);
}

uint32_t legacy_bitmap(const ReplayWindow& replay) {
    uint32_t bitmap = 0;
    for (uint32_t age = 0; age < replay.size() && age < replay.top(); ++age) {
        const auto position = static_cast<uint32_t>((replay.top() - age - 1) % replay.size());
        if ((replay.bitmap()[position / 32] >> (position % 32)) & 1) bitmap |= 1u << age;
    }
    return bitmap;
}

/** A larval SA has the selector of its own addresses, and no family in it (__find_acq_core). */
xfrm_selector own_addresses(const SecurityAssociation& sa) {
    xfrm_selector selector{};
    selector.saddr = sa.source.to_xfrm();
    selector.daddr = sa.id.destination.to_xfrm();
    selector.prefixlen_s = selector.prefixlen_d = sa.source.family == AF_INET ? 32 : 128;
    return selector;
}

/** verify_spi_info; and what a kernel might take and we do not. */
int check_spi_request(const xfrm_userspi_info& request) {
    const uint8_t protocol = request.info.id.proto;
    if (protocol != IPPROTO_ESP && protocol != IPPROTO_AH && protocol != IPPROTO_COMP) return EINVAL;
    if (request.min > request.max || !known_family(request.info.family)) return EINVAL;
    return protocol == IPPROTO_ESP && request.info.mode == XFRM_MODE_TUNNEL ? 0 : EPROTONOSUPPORT;
}

}  // namespace

Decoded<SecurityAssociation> decode_sa(const NetlinkMessage& message, const Clock& clock) {
    if (const int error = check_sa_request(message)) return {nullptr, error};
    const auto info = *message.fixed<xfrm_usersa_info>();
    if (info.id.spi == 0) return {nullptr, EINVAL};
    auto sa = sa_from_info(info);
    sa->state = SaState::valid;
    if (const int error = decode_sa_attributes(message, info.replay_window, *sa, clock)) return {nullptr, error};
    return {std::move(sa), 0};
}

SpiRequest decode_spi_request(const NetlinkMessage& message, const Clock& clock) {
    const auto request = message.fixed<xfrm_userspi_info>();
    SpiRequest result;
    result.error = request ? check_spi_request(*request) : EINVAL;
    if (result.error == 0 && has_mark(message)) result.error = EOPNOTSUPP;
    if (result.error != 0) return result;
    result.min = request->min;
    result.max = request->max;
    result.larval = std::make_unique<SecurityAssociation>();
    SecurityAssociation& larval = *result.larval;
    larval.id.destination = IpAddress::from_xfrm(request->info.family, request->info.id.daddr);
    larval.source = IpAddress::from_xfrm(request->info.family, request->info.saddr);
    larval.reqid = request->info.reqid;
    larval.selector = own_addresses(larval);
    larval.if_id = message.attribute_as<uint32_t>(XFRMA_IF_ID).value_or(0);
    declare_direction(message, larval);
    larval.limits.hard_add_seconds = larval_seconds;
    larval.replay_threshold = larval.replay_timer = 0;
    larval.usage.add_time = clock.monotonic_seconds();
    return result;
}

xfrm_lifetime_cur usage_info(const LifetimeUsage& usage, const Clock& clock) {
    xfrm_lifetime_cur current{};
    current.bytes = usage.bytes;
    current.packets = usage.packets;
    current.add_time = clock.to_wall(usage.add_time);
    current.use_time = clock.to_wall(usage.use_time);
    return current;
}

xfrm_usersa_info sa_info(const SecurityAssociation& sa, const Clock& clock) {
    xfrm_usersa_info info{};
    info.sel = sa.selector;
    info.id.daddr = sa.id.destination.to_xfrm();
    info.id.spi = sa.id.spi;
    info.id.proto = IPPROTO_ESP;
    info.saddr = sa.source.to_xfrm();
    info.lft = encode_limits(sa.limits);
    info.curlft = usage_info(sa.usage, clock);
    info.stats.replay = static_cast<uint32_t>(sa.replay_drops);
    info.stats.integrity_failed = static_cast<uint32_t>(sa.integrity_failures);
    info.seq = sa.acquire_sequence;
    info.reqid = sa.reqid;
    info.family = sa.id.destination.family;
    info.mode = sa.mode;
    info.replay_window = sa.replay_as_esn_attribute ? uint8_t{0} : static_cast<uint8_t>(sa.replay.size());
    info.flags = sa.flags;
    return info;
}

xfrm_usersa_id sa_identity(const SecurityAssociation& sa) {
    xfrm_usersa_id id{};
    id.daddr = sa.id.destination.to_xfrm();
    id.spi = sa.id.spi;
    id.family = sa.id.destination.family;
    id.proto = IPPROTO_ESP;
    return id;
}

void add_replay_state(NetlinkBuilder& reply, const SecurityAssociation& sa) {
    if (!sa.replay_as_esn_attribute) {
        xfrm_replay_state state{};
        state.oseq = static_cast<uint32_t>(sa.output_sequence);
        state.seq = static_cast<uint32_t>(sa.replay.top());
        state.bitmap = legacy_bitmap(sa.replay);
        reply.attribute(XFRMA_REPLAY_VAL, state);
        return;
    }
    xfrm_replay_state_esn state{};
    state.bmp_len = sa.replay_words;
    state.oseq = static_cast<uint32_t>(sa.output_sequence);
    state.oseq_hi = static_cast<uint32_t>(sa.output_sequence >> 32);
    state.seq = static_cast<uint32_t>(sa.replay.top());
    state.seq_hi = static_cast<uint32_t>(sa.replay.top() >> 32);
    state.replay_window = sa.replay.size();
    std::vector<uint8_t> value(sizeof(state) + state.bmp_len * sizeof(uint32_t));
    std::memcpy(value.data(), &state, sizeof(state));
    if (state.bmp_len != 0)
        std::memcpy(value.data() + sizeof(state), sa.replay.bitmap().data(), state.bmp_len * sizeof(uint32_t));
    reply.attribute(XFRMA_REPLAY_ESN_VAL, value.data(), value.size());
}

void add_sa_attributes(NetlinkBuilder& reply, const SecurityAssociation& sa, const Clock& clock) {
    if (sa.last_used != 0) reply.attribute(XFRMA_LASTUSED, clock.to_wall(sa.last_used));
    add_algorithms(reply, sa.algorithms);
    if (sa.in_udp()) reply.attribute(XFRMA_ENCAP, sa.encapsulation);
    add_replay_state(reply, sa);
    if (sa.mapping_interval != 0) reply.attribute(XFRMA_MTIMER_THRESH, sa.mapping_interval);
    if (sa.extra_flags != 0) reply.attribute(XFRMA_SA_EXTRA_FLAGS, sa.extra_flags);
    if (sa.if_id != 0) reply.attribute(XFRMA_IF_ID, sa.if_id);
    add_direction(reply, sa);
}

void add_direction(NetlinkBuilder& message, const SecurityAssociation& sa) {
    if (sa.declared_direction != SaDirection::unknown) message.attribute(sa_direction_attribute, sa.declared_direction);
}

}  // namespace uxfrm
