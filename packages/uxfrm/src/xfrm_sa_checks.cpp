#include "xfrm_sa_checks.h"

#include <cerrno>

#include "replay_window.h"
#include "selector.h"

namespace uxfrm {
namespace {

int check_families(const xfrm_usersa_info& info) {
    if (!known_family(info.family)) return EINVAL;
    return info.sel.family == AF_UNSPEC || Selector(info.sel).valid() ? 0 : EINVAL;
}

/** Which protocols there are, and which attributes go together for ESP. */
int check_protocol(const NetlinkMessage& message, uint8_t protocol) {
    switch (protocol) {
        case IPPROTO_ESP: break;
        case IPPROTO_AH:
        case IPPROTO_COMP:
        case IPPROTO_DSTOPTS:
        case IPPROTO_ROUTING: return EPROTONOSUPPORT;
        default: return EINVAL;
    }
    const bool aead = static_cast<bool>(message.attribute(XFRMA_ALG_AEAD));
    const bool other = message.attribute(XFRMA_ALG_AUTH) || message.attribute(XFRMA_ALG_AUTH_TRUNC) || message.attribute(XFRMA_ALG_CRYPT);
    return !message.attribute(XFRMA_ALG_COMP) && aead != other ? 0 : EINVAL;
}

/** The key that the header of an algorithm promises must be there. */
template <typename Header>
bool key_is_whole(const NetlinkMessage& message, uint16_t type) {
    const ByteView attribute = message.attribute(type);
    Header header{};
    return !attribute || (message.read(type, header) && (size_t{header.alg_key_len} + 7) / 8 <= attribute.size - sizeof(Header));
}

/** verify_replay. */
int check_replay(const NetlinkMessage& message, const xfrm_usersa_info& info) {
    const ByteView attribute = message.attribute(XFRMA_REPLAY_ESN_VAL);
    if (!attribute) return (info.flags & XFRM_STATE_ESN) != 0 ? EINVAL : 0;
    xfrm_replay_state_esn state{};
    if (!message.read(XFRMA_REPLAY_ESN_VAL, state) || state.bmp_len > ReplayWindow::max_size / 32 || info.replay_window != 0) return EINVAL;
    const bool empty = attribute.size == sizeof(state);
    return empty || attribute.size >= sizeof(state) + state.bmp_len * sizeof(uint32_t) ? 0 : EINVAL;
}

bool fits_outbound(const NetlinkMessage& message, const xfrm_usersa_info& info) {
    const auto replay = message.attribute_as<xfrm_replay_state>(XFRMA_REPLAY_VAL).value_or(xfrm_replay_state{});
    xfrm_replay_state_esn esn{};
    message.read(XFRMA_REPLAY_ESN_VAL, esn);
    const bool has_window = info.replay_window != 0 || replay.seq != 0 || replay.bitmap != 0 || esn.replay_window != 0 || esn.seq != 0 ||
                            esn.seq_hi != 0 || esn.bmp_len != 0;
    const bool has_inbound_flag = (info.flags & (XFRM_STATE_DECAP_DSCP | XFRM_STATE_ICMP | XFRM_STATE_WILDRECV)) != 0;
    return !has_window && !has_inbound_flag && !message.attribute(XFRMA_MTIMER_THRESH);
}

bool fits_inbound(const NetlinkMessage& message, const xfrm_usersa_info& info) {
    xfrm_replay_state_esn esn{};
    message.read(XFRMA_REPLAY_ESN_VAL, esn);
    const auto extra_flags = message.attribute_as<uint32_t>(XFRMA_SA_EXTRA_FLAGS).value_or(0);
    const bool has_outbound_flag = (info.flags & XFRM_STATE_NOPMTUDISC) != 0 ||
                                   (extra_flags & (XFRM_SA_XFLAG_DONT_ENCAP_DSCP | XFRM_SA_XFLAG_OSEQ_MAY_WRAP)) != 0;
    return esn.oseq == 0 && esn.oseq_hi == 0 && !has_outbound_flag;
}

/** Numbers of 32 bits have no high halves. */
bool fits_number_size(const NetlinkMessage& message, const xfrm_usersa_info& info) {
    xfrm_replay_state_esn esn{};
    message.read(XFRMA_REPLAY_ESN_VAL, esn);
    return (info.flags & XFRM_STATE_ESN) != 0 || (esn.oseq_hi == 0 && esn.seq_hi == 0);
}

/** An SA with a direction has nothing of the other one (verify_newsa_info and verify_replay of Linux 6.10). */
int check_direction(const NetlinkMessage& message, const xfrm_usersa_info& info) {
    const SaDirection direction = declared_direction(message);
    if (direction == SaDirection::unknown) return 0;
    const bool fits = direction == SaDirection::in ? fits_inbound(message, info) : fits_outbound(message, info);
    return fits && fits_number_size(message, info) ? 0 : EINVAL;
}

int check_mode(uint8_t mode) {
    switch (mode) {
        case XFRM_MODE_TUNNEL: return 0;
        case XFRM_MODE_TRANSPORT:
        case XFRM_MODE_ROUTEOPTIMIZATION:
        case XFRM_MODE_BEET: return EPROTONOSUPPORT;
        default: return EINVAL;
    }
}

}  // namespace

int check_sa_request(const NetlinkMessage& message) {
    const auto info = message.fixed<xfrm_usersa_info>();
    if (!info) return EINVAL;
    if (const int error = check_families(*info)) return error;
    if (const int error = check_protocol(message, info->id.proto)) return error;
    const bool keys = key_is_whole<xfrm_algo_aead>(message, XFRMA_ALG_AEAD) && key_is_whole<xfrm_algo_auth>(message, XFRMA_ALG_AUTH_TRUNC) &&
                      key_is_whole<xfrm_algo>(message, XFRMA_ALG_AUTH) && key_is_whole<xfrm_algo>(message, XFRMA_ALG_CRYPT);
    if (!keys) return EINVAL;
    if (const int error = check_security_context(message)) return error;
    if (const int error = check_replay(message, *info)) return error;
    if (const int error = check_mode(info->mode)) return error;
    if (message.attribute(XFRMA_MTIMER_THRESH) && !message.attribute(XFRMA_ENCAP)) return EINVAL;
    return check_direction(message, *info);
}

SaDirection declared_direction(const NetlinkMessage& message) {
    return message.attribute_as<SaDirection>(sa_direction_attribute).value_or(SaDirection::unknown);
}

int check_security_context(const NetlinkMessage& message) {
    const ByteView attribute = message.attribute(XFRMA_SEC_CTX);
    const auto context = message.attribute_as<xfrm_user_sec_ctx>(XFRMA_SEC_CTX);
    const bool right = !context || (context->len <= attribute.size && context->len == sizeof(*context) + context->ctx_len);
    return right ? 0 : EINVAL;
}

bool has_mark(const NetlinkMessage& message) {
    const auto mark = message.attribute_as<xfrm_mark>(XFRMA_MARK);
    return mark && (mark->v != 0 || mark->m != 0);
}

}  // namespace uxfrm
