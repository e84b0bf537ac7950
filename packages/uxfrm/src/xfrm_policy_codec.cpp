#include "xfrm_policy_codec.h"

#include <cerrno>

namespace uxfrm {
namespace {

/** XFRM_MAX_DEPTH of include/net/xfrm.h. */
constexpr size_t max_templates = 6;

/** verify_policy_dir, verify_newpolicy_info. */
int check_policy(const xfrm_userpolicy_info& info) {
    if (info.share > XFRM_SHARE_UNIQUE || info.action > XFRM_POLICY_BLOCK || info.dir >= XFRM_POLICY_MAX) return EINVAL;
    if (!Selector(info.sel).valid()) return EINVAL;
    if (info.index != 0 && (info.index & 7) != info.dir) return EINVAL;
    return 0;
}

/** xfrm_id_proto_valid. */
bool known_protocol(uint8_t protocol) {
    switch (protocol) {
        case IPPROTO_AH:
        case IPPROTO_ESP:
        case IPPROTO_COMP:
        case IPPROTO_ROUTING:
        case IPPROTO_DSTOPTS: return true;
        default: return false;
    }
}

/** One round of validate_tmpl; `family` is that of the packets that come to this template. */
bool valid_template(const xfrm_user_tmpl& raw, uint16_t family, uint8_t direction) {
    if (raw.mode >= XFRM_MODE_MAX || !known_family(raw.family) || !known_protocol(raw.id.proto)) return false;
    const bool wraps = raw.mode == XFRM_MODE_TUNNEL || raw.mode == XFRM_MODE_BEET;
    return wraps ? raw.optional == 0 || direction != XFRM_POLICY_OUT : raw.family == family;
}

/** copy_from_user_tmpl, validate_tmpl. */
int decode_templates(const NetlinkMessage& message, Policy& policy) {
    const ByteView attribute = message.attribute(XFRMA_TMPL);
    const size_t count = attribute.size / sizeof(xfrm_user_tmpl);
    if (count > max_templates) return EINVAL;
    uint16_t family = policy.selector.raw().family;
    for (size_t i = 0; i < count; ++i) {
        xfrm_user_tmpl raw;
        std::memcpy(&raw, attribute.data + i * sizeof(raw), sizeof(raw));
        if (raw.family == AF_UNSPEC) raw.family = policy.selector.raw().family;
        if (!valid_template(raw, family, policy.direction)) return EINVAL;
        family = raw.family;
        policy.templates.emplace_back(raw);
    }
    return 0;
}

}  // namespace

int check_policy_type(const NetlinkMessage& message) {
    const auto type = message.attribute_as<xfrm_userpolicy_type>(XFRMA_POLICY_TYPE);
    return type && type->type != XFRM_POLICY_TYPE_MAIN ? EINVAL : 0;
}

Decoded<Policy> decode_policy(const NetlinkMessage& message, const Clock& clock) {
    const auto info = message.fixed<xfrm_userpolicy_info>();
    if (!info) return {nullptr, EINVAL};
    if (const int error = check_policy(*info)) return {nullptr, error};
    if (const int error = check_security_context(message)) return {nullptr, error};
    if (const int error = check_policy_type(message)) return {nullptr, error};
    if (has_mark(message)) return {nullptr, EOPNOTSUPP};
    auto policy = std::make_unique<Policy>();
    policy->selector = Selector(info->sel);
    policy->direction = info->dir;
    policy->priority = info->priority;
    policy->index = info->index;
    policy->action = info->action;
    policy->flags = info->flags;
    policy->limits = info->lft;
    policy->if_id = message.attribute_as<uint32_t>(XFRMA_IF_ID).value_or(0);
    policy->add_time = clock.monotonic_seconds();
    if (const int error = decode_templates(message, *policy)) return {nullptr, error};
    return {std::move(policy), 0};
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
    return info;
}

void add_policy_attributes(NetlinkBuilder& reply, const Policy& policy) {
    std::vector<xfrm_user_tmpl> raw;
    for (const PolicyTemplate& tmpl : policy.templates) raw.push_back(tmpl.raw);
    if (!raw.empty()) reply.attribute(XFRMA_TMPL, raw.data(), raw.size() * sizeof(xfrm_user_tmpl));
    reply.attribute(XFRMA_POLICY_TYPE, xfrm_userpolicy_type{});
    if (policy.if_id != 0) reply.attribute(XFRMA_IF_ID, policy.if_id);
}

}  // namespace uxfrm
