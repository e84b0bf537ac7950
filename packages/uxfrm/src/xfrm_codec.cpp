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
/** XFRM_MAX_DEPTH of include/net/xfrm.h. */
constexpr size_t max_templates = 6;

bool known_family(uint16_t family) { return family == AF_INET || family == AF_INET6; }

std::string algorithm_name(const char (&name)[64]) { return std::string(name, strnlen(name, sizeof(name))); }

/** Header struct of an algorithm attribute and the key behind it; false when the key is cut off. */
template <typename Header>
bool split_algorithm(ByteView attribute, Header& header, ByteView& key) {
    if (attribute.size < sizeof(Header)) return false;
    std::memcpy(&header, attribute.data, sizeof(header));
    const size_t key_size = (size_t{header.alg_key_len} + 7) / 8;
    if (key_size > attribute.size - sizeof(Header)) return false;
    key = {attribute.data + sizeof(Header), key_size};
    return true;
}

KeyedAlgorithm keyed(std::string name, ByteView key, uint32_t icv_bits) {
    KeyedAlgorithm algorithm;
    algorithm.name = std::move(name);
    algorithm.key = SecretBytes(key.data, key.size);
    algorithm.icv_bits = icv_bits;
    return algorithm;
}

int decode_aead(const NetlinkMessage& message, SaAlgorithms& algorithms) {
    const ByteView attribute = message.attribute(XFRMA_ALG_AEAD);
    if (!attribute) return 0;
    xfrm_algo_aead header;
    ByteView key;
    if (!split_algorithm(attribute, header, key)) return EINVAL;
    algorithms.aead = keyed(algorithm_name(header.alg_name), key, header.alg_icv_len);
    return 0;
}

int decode_cipher(const NetlinkMessage& message, SaAlgorithms& algorithms) {
    const ByteView attribute = message.attribute(XFRMA_ALG_CRYPT);
    if (!attribute) return 0;
    xfrm_algo header;
    ByteView key;
    if (!split_algorithm(attribute, header, key)) return EINVAL;
    algorithms.cipher = keyed(algorithm_name(header.alg_name), key, 0);
    return 0;
}

/** XFRMA_ALG_AUTH_TRUNC goes before XFRMA_ALG_AUTH, which has the algorithm's default truncation. */
int decode_integrity(const NetlinkMessage& message, SaAlgorithms& algorithms) {
    ByteView key;
    if (const ByteView attribute = message.attribute(XFRMA_ALG_AUTH_TRUNC)) {
        xfrm_algo_auth header;
        if (!split_algorithm(attribute, header, key)) return EINVAL;
        algorithms.integrity = keyed(algorithm_name(header.alg_name), key, header.alg_trunc_len);
    } else if (const ByteView plain = message.attribute(XFRMA_ALG_AUTH)) {
        xfrm_algo header;
        if (!split_algorithm(plain, header, key)) return EINVAL;
        algorithms.integrity = keyed(algorithm_name(header.alg_name), key, 0);
    }
    if (!algorithms.integrity) return 0;
    const IntegrityAlgorithm* known = find_integrity(algorithms.integrity->name);
    if (!known) return ENOSYS;
    if (algorithms.integrity->icv_bits == 0) algorithms.integrity->icv_bits = known->default_bits;
    return 0;
}

/** verify_replay and xfrm_init_replay. */
int decode_replay_esn(ByteView attribute, SecurityAssociation& sa) {
    xfrm_replay_state_esn state;
    if (attribute.size < sizeof(state)) return EINVAL;
    std::memcpy(&state, attribute.data, sizeof(state));
    if (state.bmp_len > ReplayWindow::max_size / 32) return EINVAL;
    if (attribute.size < sizeof(state) + state.bmp_len * sizeof(uint32_t)) return EINVAL;
    if (state.replay_window > state.bmp_len * 32) return EINVAL;
    if (sa.esn() && state.replay_window == 0) return EINVAL;
    ReplayWindow::Bitmap bitmap{};
    std::memcpy(bitmap.data(), attribute.data + sizeof(state), state.bmp_len * sizeof(uint32_t));
    const uint64_t high = sa.esn() ? state.seq_hi : 0;
    sa.replay = ReplayWindow(state.replay_window, sa.esn());
    sa.replay.restore(high << 32 | state.seq, bitmap);
    sa.output_sequence = (sa.esn() ? uint64_t{state.oseq_hi} << 32 : 0) | state.oseq;
    sa.replay_as_esn_attribute = true;
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
    if (const ByteView esn = message.attribute(XFRMA_REPLAY_ESN_VAL))
        return window != 0 ? EINVAL : decode_replay_esn(esn, sa);
    if (sa.esn()) return EINVAL;
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

/** What this data plane can carry: ESP tunnel mode. */
int check_supported(const xfrm_usersa_info& info) {
    if (!known_family(info.family)) return EINVAL;
    if (info.id.proto != IPPROTO_ESP) return EPROTONOSUPPORT;
    if (info.mode != XFRM_MODE_TUNNEL) return EPROTONOSUPPORT;
    return 0;
}

/** Without XFRMA_ENCAP it is plain ESP. Other encapsulations are refused as esp_init_state does. */
int decode_encapsulation(const NetlinkMessage& message, SecurityAssociation& sa) {
    if (!message.attribute(XFRMA_ENCAP)) return 0;
    const auto encapsulation = message.attribute_as<xfrm_encap_tmpl>(XFRMA_ENCAP);
    if (!encapsulation || encapsulation->encap_type != UDP_ENCAP_ESPINUDP) return EINVAL;
    sa.encapsulation = *encapsulation;
    return 0;
}

/** What verify_newsa_info and xfrm_dev_state_add look at. Offload to a device is a wish that need not come true. */
int decode_timers_and_offload(const NetlinkMessage& message, SecurityAssociation& sa) {
    const auto interval = message.attribute_as<uint32_t>(XFRMA_MTIMER_THRESH);
    if (interval && !sa.in_udp()) return EINVAL;
    sa.mapping_interval = interval.value_or(0);
    const auto offload = message.attribute_as<xfrm_user_offload>(XFRMA_OFFLOAD_DEV);
    const bool known = !offload || (offload->flags & ~(offload_ipv6 | XFRM_OFFLOAD_INBOUND)) == 0;
    return known ? 0 : EINVAL;
}

bool has_mark(const NetlinkMessage& message) {
    const auto mark = message.attribute_as<xfrm_mark>(XFRMA_MARK);
    return mark && (mark->v != 0 || mark->m != 0);
}

std::unique_ptr<SecurityAssociation> sa_from_info(const xfrm_usersa_info& info) {
    auto sa = std::make_unique<SecurityAssociation>();
    sa->id = {IpAddress::from_xfrm(info.family, info.id.daddr), info.id.spi};
    sa->source = IpAddress::from_xfrm(info.family, info.saddr);
    sa->reqid = info.reqid;
    sa->mode = info.mode;
    sa->flags = info.flags;
    sa->selector = info.sel;
    sa->limits = decode_limits(info.lft);
    return sa;
}

int decode_sa_attributes(const NetlinkMessage& message, uint8_t window, SecurityAssociation& sa, const Clock& clock) {
    if (has_mark(message)) return EOPNOTSUPP;
    if (const int error = decode_encapsulation(message, sa)) return error;
    if (const int error = decode_timers_and_offload(message, sa)) return error;
    if (const int error = decode_aead(message, sa.algorithms)) return error;
    if (const int error = decode_cipher(message, sa.algorithms)) return error;
    if (const int error = decode_integrity(message, sa.algorithms)) return error;
    if (const int error = decode_replay(message, window, sa)) return error;
    sa.if_id = message.attribute_as<uint32_t>(XFRMA_IF_ID).value_or(0);
    sa.extra_flags = message.attribute_as<uint32_t>(XFRMA_SA_EXTRA_FLAGS).value_or(0);
    sa.usage = decode_usage(message, clock);
    TransformResult made = make_transform(sa.algorithms, sa.esn());
    sa.transform = std::move(made.transform);
    return made.error;
}

template <typename Header>
void add_algorithm(NetlinkBuilder& reply, uint16_t type, Header header, const KeyedAlgorithm& algorithm) {
    std::vector<uint8_t> value(sizeof(Header) + algorithm.key.size());
    algorithm.name.copy(header.alg_name, sizeof(header.alg_name) - 1);
    header.alg_key_len = static_cast<unsigned>(algorithm.key.size() * 8);
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

/** verify_policy_dir, verify_newpolicy_info. */
int check_policy(const xfrm_userpolicy_info& info) {
    if (info.share > XFRM_SHARE_UNIQUE || info.action > XFRM_POLICY_BLOCK || info.dir >= XFRM_POLICY_MAX) return EINVAL;
    if (!Selector(info.sel).valid()) return EINVAL;
    if (info.index != 0 && (info.index & 7) != info.dir) return EINVAL;
    return 0;
}

/** copy_from_user_tmpl, validate_tmpl. */
int decode_templates(const NetlinkMessage& message, Policy& policy) {
    const ByteView attribute = message.attribute(XFRMA_TMPL);
    const size_t count = attribute.size / sizeof(xfrm_user_tmpl);
    if (count > max_templates) return EINVAL;
    for (size_t i = 0; i < count; ++i) {
        xfrm_user_tmpl raw;
        std::memcpy(&raw, attribute.data + i * sizeof(raw), sizeof(raw));
        if (raw.family == AF_UNSPEC) raw.family = policy.selector.raw().family;
        if (!known_family(raw.family) || raw.mode >= XFRM_MODE_MAX) return EINVAL;
        policy.templates.emplace_back(raw);
    }
    return 0;
}

}  // namespace

Decoded<SecurityAssociation> decode_sa(const NetlinkMessage& message, const Clock& clock) {
    const auto info = message.fixed<xfrm_usersa_info>();
    if (!info) return {nullptr, EINVAL};
    if (const int error = check_supported(*info)) return {nullptr, error};
    if (info->id.spi == 0) return {nullptr, EINVAL};
    auto sa = sa_from_info(*info);
    sa->state = SaState::valid;
    if (const int error = decode_sa_attributes(message, info->replay_window, *sa, clock)) return {nullptr, error};
    return {std::move(sa), 0};
}

Decoded<Policy> decode_policy(const NetlinkMessage& message, const Clock& clock) {
    const auto info = message.fixed<xfrm_userpolicy_info>();
    if (!info) return {nullptr, EINVAL};
    if (const int error = check_policy(*info)) return {nullptr, error};
    if (has_mark(message)) return {nullptr, EOPNOTSUPP};
    auto policy = std::make_unique<Policy>();
    policy->selector = Selector(info->sel);
    policy->direction = info->dir;
    policy->priority = info->priority;
    policy->action = info->action;
    policy->flags = info->flags;
    policy->share = info->share;
    policy->limits = info->lft;
    policy->if_id = message.attribute_as<uint32_t>(XFRMA_IF_ID).value_or(0);
    policy->add_time = clock.monotonic_seconds();
    if (const int error = decode_templates(message, *policy)) return {nullptr, error};
    return {std::move(policy), 0};
}

SpiRequest decode_spi_request(const NetlinkMessage& message, const Clock& clock) {
    const auto request = message.fixed<xfrm_userspi_info>();
    SpiRequest result;
    result.error = EINVAL;
    if (!request) return result;
    result.error = check_supported(request->info);
    if (result.error != 0) return result;
    result.min = request->min;
    result.max = request->max;
    if (result.min > result.max || result.max == 0) {
        result.error = EINVAL;
        return result;
    }
    result.larval = sa_from_info(request->info);
    result.larval->state = SaState::larval;
    result.larval->if_id = message.attribute_as<uint32_t>(XFRMA_IF_ID).value_or(0);
    result.larval->limits = {};
    result.larval->limits.hard_add_seconds = larval_seconds;
    result.larval->usage.add_time = clock.monotonic_seconds();
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

xfrm_userpolicy_info policy_info(const Policy& policy, const Clock& clock) {
    xfrm_userpolicy_info info{};
    info.sel = policy.selector.raw();
    info.lft = policy.limits;
    info.curlft.add_time = clock.to_wall(policy.add_time);
    info.curlft.use_time = clock.to_wall(policy.use_time);
    info.priority = policy.priority;
    info.index = policy.index;
    info.dir = policy.direction;
    info.action = policy.action;
    info.flags = policy.flags;
    info.share = policy.share;
    return info;
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
    state.bmp_len = (sa.replay.size() + 31) / 32;
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
    if (sa.state != SaState::larval) {
        if (sa.in_udp()) reply.attribute(XFRMA_ENCAP, sa.encapsulation);
        add_replay_state(reply, sa);
    }
    if (sa.mapping_interval != 0) reply.attribute(XFRMA_MTIMER_THRESH, sa.mapping_interval);
    if (sa.extra_flags != 0) reply.attribute(XFRMA_SA_EXTRA_FLAGS, sa.extra_flags);
    if (sa.if_id != 0) reply.attribute(XFRMA_IF_ID, sa.if_id);
}

void add_policy_attributes(NetlinkBuilder& reply, const Policy& policy) {
    std::vector<xfrm_user_tmpl> raw;
    for (const PolicyTemplate& tmpl : policy.templates) raw.push_back(tmpl.raw);
    if (!raw.empty()) reply.attribute(XFRMA_TMPL, raw.data(), raw.size() * sizeof(xfrm_user_tmpl));
    if (policy.if_id != 0) reply.attribute(XFRMA_IF_ID, policy.if_id);
}

}  // namespace uxfrm
