#include <arpa/inet.h>

#include <functional>

#include "case.h"
#include "requests.h"

namespace uxfrm::differential {
namespace {

using Change = std::function<void(xfrm_userpolicy_info&)>;

Message changed(Message policy, const Change& change) {
    change(policy.as<xfrm_userpolicy_info>());
    return policy;
}

/** NEWPOLICY, and what is there afterwards. */
Case installed(const std::string& name, const Message& policy) {
    return {name, {policy, of_policy(XFRM_MSG_GETPOLICY, policy), dump_policies(), spd_info(), of_policy(XFRM_MSG_DELPOLICY, policy), spd_info()}};
}

void add_field_cases(std::vector<Case>& cases) {
    const auto with = [&](const std::string& name, const Change& change) { cases.push_back(installed(name, changed(tunnel_policy(), change))); };
    for (const uint8_t direction : Octets{0, 1, 2, 3, 4, 5, 6, 7, 8, 255}) with("policy-direction", [&](auto& info) { info.dir = direction; });
    for (const uint8_t value : Octets{0, 1, 2, 3, 4, 255}) {
        with("policy-action", [&](auto& info) { info.action = value; });
        with("policy-share", [&](auto& info) { info.share = value; });
        with("policy-flags", [&](auto& info) { info.flags = value; });
    }
    for (const uint16_t family : Shorts{0, 1, 2, 10, 11}) {
        with("policy-family", [&](auto& info) { info.sel.family = family; });
        for (const uint8_t bits : Octets{32, 33, 64, 128, 129}) {
            with("policy-prefix", [&](auto& info) { info.sel.family = family, info.sel.prefixlen_s = bits; });
            with("policy-prefix", [&](auto& info) { info.sel.family = family, info.sel.prefixlen_d = bits; });
        }
    }
    for (const uint32_t index : {1u, 8u, 9u, 10u, 4001u, 4004u, 0xfffffff9u}) with("policy-index", [&](auto& info) { info.index = index; });
    with("policy-ports", [](auto& info) { info.sel.proto = 6, info.sel.dport = htons(443), info.sel.dport_mask = 0xffff, info.sel.sport = htons(7); });
    with("policy-device", [](auto& info) { info.sel.ifindex = 1, info.sel.user = 9; });
    with("policy-priority", [](auto& info) { info.priority = ~0u; });
    with("policy-limits", [](auto& info) { info.lft = {1, 2, 3, 4, 1000, 1001, 1002, 1003}; });
    with("policy-usage", [](auto& info) { info.curlft = {5, 6, 7, 8}; });
    with("policy-host-bits", [](auto& info) { info.sel.saddr = address_of("10.1.2.3"); });
}

Message with_templates(const Message& policy, const std::vector<xfrm_user_tmpl>& templates) {
    Bytes value;
    for (const auto& tunnel : templates) value = value + bytes_of(tunnel);
    return policy.without(XFRMA_TMPL).with(XFRMA_TMPL, value);
}

void add_template_cases(std::vector<Case>& cases) {
    const xfrm_user_tmpl tunnel = esp_tunnel("192.0.2.1", "192.0.2.2");
    const auto with = [&](const std::string& name, const std::function<void(xfrm_user_tmpl&)>& change) {
        xfrm_user_tmpl other = tunnel;
        change(other);
        cases.push_back(installed(name, with_templates(tunnel_policy(), {other})));
        const Message inwards = changed(tunnel_policy(), [](auto& info) { info.dir = XFRM_POLICY_IN; });
        cases.push_back(installed(name + "-in", with_templates(inwards, {other})));
    };
    for (const uint8_t mode : Octets{0, 1, 2, 3, 4, 5, 255}) with("template-mode", [&](auto& t) { t.mode = mode; });
    for (const uint16_t family : Shorts{0, 1, 2, 10, 11}) {
        with("template-family", [&](auto& t) { t.family = family; });
        with("template-family-transport", [&](auto& t) { t.family = family, t.mode = XFRM_MODE_TRANSPORT; });
    }
    for (const uint8_t protocol : Octets{0, 17, 43, 50, 51, 60, 108, 255}) with("template-protocol", [&](auto& t) { t.id.proto = protocol; });
    for (const uint8_t value : Octets{1, 2, 3, 4, 255}) {
        with("template-share", [&](auto& t) { t.share = value; });
        with("template-optional", [&](auto& t) { t.optional = value; });
    }
    with("template-algorithms", [](auto& t) { t.aalgos = 1, t.ealgos = 2, t.calgos = 3; });
    with("template-spi", [](auto& t) { t.id.spi = htonl(77), t.reqid = 5; });
    for (const size_t count : {0u, 1u, 2u, 5u, 6u, 7u, 8u})
        cases.push_back(installed("template-count", with_templates(tunnel_policy(), std::vector<xfrm_user_tmpl>(count, tunnel))));
    cases.push_back(installed("no-template", tunnel_policy().without(XFRMA_TMPL)));
    for (const size_t size : {1u, 63u, 65u, 100u}) {
        Message cut = with_templates(tunnel_policy(), {tunnel, tunnel});
        cut.attributes.back().second.resize(size);
        cases.push_back(installed("template-length", cut));
    }
    for (const auto& family : {std::pair("10.0.0.0", "2001:db8::1"), std::pair("2001:db8:1::", "192.0.2.1")}) {
        const Message policy = new_policy(XFRM_POLICY_OUT, family.first, 16, family.first, 16);
        cases.push_back(installed("template-other-family", with_templates(policy, {esp_tunnel(family.second, family.second)})));
    }
}

void add_replacement_cases(std::vector<Case>& cases) {
    const Message policy = tunnel_policy();
    const Message lower = changed(policy, [](auto& info) { info.priority = 5; });
    const Message other = policy.with(XFRMA_IF_ID, uint32_t{7});
    cases.push_back({"policy-twice", {policy, policy, lower, dump_policies(), spd_info()}});
    cases.push_back({"policy-update", {policy, lower.with_type(XFRM_MSG_UPDPOLICY), dump_policies(), spd_info()}});
    cases.push_back({"policy-update-missing", {policy.with_type(XFRM_MSG_UPDPOLICY), dump_policies()}});
    cases.push_back({"policy-update-template", {policy, policy.without(XFRMA_TMPL).with_type(XFRM_MSG_UPDPOLICY), dump_policies()}});
    cases.push_back({"policy-if-ids", {policy, other, of_policy(XFRM_MSG_DELPOLICY, other), dump_policies(), of_policy(XFRM_MSG_GETPOLICY, other)}});
    for (const uint8_t direction : Octets{0, 1, 2}) {
        const Message one = changed(policy, [&](auto& info) { info.dir = direction; });
        Case wanted{"policy-by-index", {one}};
        const uint32_t number = wanted.add(of_policy(XFRM_MSG_GETPOLICY, one));
        for (const uint8_t asked : Octets{0, 1, 2, 3})
            for (const uint8_t inner : Octets{0, 1, 2, 3}) wanted.add(of_policy_index(XFRM_MSG_GETPOLICY, named_index(number, inner), asked));
        wanted.add(of_policy_index(XFRM_MSG_DELPOLICY, named_index(number, direction), direction).with(XFRMA_IF_ID, uint32_t{3}));
        wanted.add(of_policy_index(XFRM_MSG_DELPOLICY, named_index(number, direction), direction));
        wanted.add(spd_info());
        cases.push_back(wanted);
    }
    const Message chosen = changed(policy, [](auto& info) { info.index = 4001; });
    cases.push_back({"policy-chosen-index", {chosen, of_policy_index(XFRM_MSG_GETPOLICY, 4001, 1), of_policy_index(XFRM_MSG_DELPOLICY, 4001, 1), spd_info()}});
    cases.push_back({"policy-chosen-index-taken", {chosen, changed(chosen, [](auto& info) { info.sel.prefixlen_d = 10; }),
                                                   of_policy_index(XFRM_MSG_DELPOLICY, 4001, 1), of_policy_index(XFRM_MSG_DELPOLICY, 4001, 1), spd_info()}});
    cases.push_back({"policy-chosen-index-of-update", {policy, chosen.with_type(XFRM_MSG_UPDPOLICY), of_policy_index(XFRM_MSG_GETPOLICY, 4001, 1)}});
}

void add_lookup_cases(std::vector<Case>& cases) {
    const Message policy = tunnel_policy();
    for (const uint16_t type : Shorts{XFRM_MSG_GETPOLICY, XFRM_MSG_DELPOLICY}) {
        Case wanted{"policy-lookup", {policy}};
        for (const Change& change : std::vector<Change>{[](auto& info) { info.dir = 0; }, [](auto& info) { info.dir = 3; },
                                                        [](auto& info) { info.dir = 255; }, [](auto& info) { info.sel.prefixlen_d = 10; },
                                                        [](auto& info) { info.sel.family = 0; }, [](auto& info) { info.sel.user = 1; },
                                                        [](auto& info) { info.sel.prefixlen_s = 255; }, [](auto& info) { info.sel.saddr = {}; }})
            wanted.add(of_policy(type, changed(policy, change)));
        wanted.add(of_policy(type, policy.with(XFRMA_IF_ID, uint32_t{1})));
        wanted.add(of_policy(type, policy).with(XFRMA_POLICY_TYPE, xfrm_userpolicy_type{1, 0, 0}));
        wanted.add(of_policy(type, policy).with(XFRMA_POLICY_TYPE, xfrm_userpolicy_type{9, 0, 0}));
        wanted.add(of_policy(type, policy).with(XFRMA_MARK, xfrm_mark{1, 1}));
        wanted.add(spd_info());
        wanted.add(of_policy(type, policy));
        wanted.add(spd_info());
        cases.push_back(wanted);
    }
    for (const uint8_t type : Octets{0, 1, 2, 255}) {
        const auto policy_type = xfrm_userpolicy_type{type, 0, 0};
        cases.push_back(installed("policy-type", policy.with(XFRMA_POLICY_TYPE, policy_type)));
        cases.push_back({"policy-flush-type", {policy, flush_policies().with(XFRMA_POLICY_TYPE, policy_type), spd_info()}});
    }
    cases.push_back(installed("policy-mark", policy.with(XFRMA_MARK, xfrm_mark{1, 255})));
    cases.push_back(installed("policy-mark-zero", policy.with(XFRMA_MARK, xfrm_mark{0, 0})));
    cases.push_back(installed("policy-security-context", policy.with(XFRMA_SEC_CTX, xfrm_user_sec_ctx{80, XFRMA_SEC_CTX, 1, 1, 0})));
    const Message second = changed(policy, [](auto& info) { info.dir = XFRM_POLICY_FWD; });
    const Message six = new_policy(XFRM_POLICY_IN, "2001:db8:1::", 48, "::", 0).with(XFRMA_TMPL, esp_tunnel("2001:db8::1", "2001:db8::2"));
    cases.push_back({"policies-of-all-directions", {policy, second, six, dump_policies(), spd_info(), flush_policies(), dump_policies(), spd_info(), flush_policies()}});
}

}  // namespace

std::vector<Case> written_policy_cases() {
    std::vector<Case> cases;
    add_field_cases(cases);
    add_template_cases(cases);
    add_replacement_cases(cases);
    add_lookup_cases(cases);
    return cases;
}

}  // namespace uxfrm::differential
