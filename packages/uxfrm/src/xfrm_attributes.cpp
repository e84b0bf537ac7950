#include "xfrm_attributes.h"

#include <algorithm>
#include <array>
#include <cerrno>

namespace uxfrm {
namespace {

struct TypeLength {
    uint16_t type;
    size_t length;
};

constexpr std::array<TypeLength, 15> fixed_parts = {{
    {XFRM_MSG_NEWSA, sizeof(xfrm_usersa_info)},
    {XFRM_MSG_UPDSA, sizeof(xfrm_usersa_info)},
    {XFRM_MSG_DELSA, sizeof(xfrm_usersa_id)},
    {XFRM_MSG_GETSA, sizeof(xfrm_usersa_id)},
    {XFRM_MSG_NEWPOLICY, sizeof(xfrm_userpolicy_info)},
    {XFRM_MSG_UPDPOLICY, sizeof(xfrm_userpolicy_info)},
    {XFRM_MSG_DELPOLICY, sizeof(xfrm_userpolicy_id)},
    {XFRM_MSG_GETPOLICY, sizeof(xfrm_userpolicy_id)},
    {XFRM_MSG_ALLOCSPI, sizeof(xfrm_userspi_info)},
    {XFRM_MSG_FLUSHSA, sizeof(xfrm_usersa_flush)},
    {XFRM_MSG_FLUSHPOLICY, 0},
    {XFRM_MSG_GETAE, sizeof(xfrm_aevent_id)},
    {XFRM_MSG_GETSADINFO, sizeof(uint32_t)},
    {XFRM_MSG_NEWSPDINFO, sizeof(uint32_t)},
    {XFRM_MSG_GETSPDINFO, sizeof(uint32_t)},
}};

constexpr std::array<TypeLength, 31> attribute_lengths = {{
    {XFRMA_SA, sizeof(xfrm_usersa_info)},
    {XFRMA_POLICY, sizeof(xfrm_userpolicy_info)},
    {XFRMA_LASTUSED, sizeof(uint64_t)},
    {XFRMA_ALG_AUTH_TRUNC, sizeof(xfrm_algo_auth)},
    {XFRMA_ALG_AEAD, sizeof(xfrm_algo_aead)},
    {XFRMA_ALG_AUTH, sizeof(xfrm_algo)},
    {XFRMA_ALG_CRYPT, sizeof(xfrm_algo)},
    {XFRMA_ALG_COMP, sizeof(xfrm_algo)},
    {XFRMA_ENCAP, sizeof(xfrm_encap_tmpl)},
    {XFRMA_TMPL, sizeof(xfrm_user_tmpl)},
    {XFRMA_SEC_CTX, sizeof(xfrm_user_sec_ctx)},
    {XFRMA_LTIME_VAL, sizeof(xfrm_lifetime_cur)},
    {XFRMA_REPLAY_VAL, sizeof(xfrm_replay_state)},
    {XFRMA_REPLAY_THRESH, sizeof(uint32_t)},
    {XFRMA_ETIMER_THRESH, sizeof(uint32_t)},
    {XFRMA_SRCADDR, sizeof(xfrm_address_t)},
    {XFRMA_COADDR, sizeof(xfrm_address_t)},
    {XFRMA_POLICY_TYPE, sizeof(xfrm_userpolicy_type)},
    {XFRMA_MIGRATE, sizeof(xfrm_user_migrate)},
    {XFRMA_KMADDRESS, sizeof(xfrm_user_kmaddress)},
    {XFRMA_MARK, sizeof(xfrm_mark)},
    {XFRMA_TFCPAD, sizeof(uint32_t)},
    {XFRMA_REPLAY_ESN_VAL, sizeof(xfrm_replay_state_esn)},
    {XFRMA_SA_EXTRA_FLAGS, sizeof(uint32_t)},
    {XFRMA_PROTO, sizeof(uint8_t)},
    {XFRMA_ADDRESS_FILTER, sizeof(xfrm_address_filter)},
    {XFRMA_OFFLOAD_DEV, sizeof(xfrm_user_offload)},
    {XFRMA_SET_MARK, sizeof(uint32_t)},
    {XFRMA_SET_MARK_MASK, sizeof(uint32_t)},
    {XFRMA_IF_ID, sizeof(uint32_t)},
    {XFRMA_MTIMER_THRESH, sizeof(uint32_t)},
}};

/** NEWSPDINFO has attributes of its own (xfrma_spd_policy). */
constexpr std::array<TypeLength, 2> threshold_lengths = {{
    {XFRMA_SPD_IPV4_HTHRESH, sizeof(xfrmu_spdhthresh)},
    {XFRMA_SPD_IPV6_HTHRESH, sizeof(xfrmu_spdhthresh)},
}};

template <typename Table>
bool long_enough(const NetlinkMessage& message, const Table& lengths) {
    return std::all_of(lengths.begin(), lengths.end(), [&](const TypeLength& wanted) {
        const ByteView attribute = message.attribute(wanted.type);
        return !attribute || attribute.size >= wanted.length;
    });
}

/** Newer attributes are validated strictly (strict_start_type of xfrma_policy). */
int check_sa_direction(const NetlinkMessage& message) {
    const ByteView attribute = message.attribute(sa_direction_attribute);
    if (!attribute) return 0;
    if (attribute.size != sizeof(SaDirection)) return EINVAL;
    const auto direction = message.attribute_as<SaDirection>(sa_direction_attribute);
    return direction == SaDirection::in || direction == SaDirection::out ? 0 : ERANGE;
}

}  // namespace

int read_xfrm_attributes(NetlinkMessage& message) {
    const uint16_t type = message.header().nlmsg_type;
    const auto fixed = std::find_if(fixed_parts.begin(), fixed_parts.end(), [type](const TypeLength& part) { return part.type == type; });
    if (fixed == fixed_parts.end() || message.body().size < fixed->length) return EINVAL;
    if (!message.read_attributes(fixed->length)) return EINVAL;
    const bool right = type == XFRM_MSG_NEWSPDINFO ? long_enough(message, threshold_lengths) : long_enough(message, attribute_lengths);
    return right ? check_sa_direction(message) : ERANGE;
}

}  // namespace uxfrm
