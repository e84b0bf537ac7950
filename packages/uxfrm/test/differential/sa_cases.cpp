#include <arpa/inet.h>

#include <ctime>
#include <functional>

#include "case.h"
#include "requests.h"

namespace uxfrm::differential {
namespace {

constexpr uint32_t spi = 0xc0000001;

using Change = std::function<void(xfrm_usersa_info&)>;

Message changed(Message sa, const Change& change) {
    change(sa.as<xfrm_usersa_info>());
    return sa;
}

/** NEWSA, and what is there afterwards. */
Case installed(const std::string& name, const Message& sa) { return {name, {sa, get_sa(spi), dump_sas(), sad_info()}}; }

void add_field_cases(std::vector<Case>& cases) {
    const auto with = [&](const std::string& name, const Change& change) { cases.push_back(installed(name, changed(gcm_sa(spi), change))); };
    for (const uint16_t family : Shorts{0, 1, 2, 10, 11, 0xffff}) with("family", [&](auto& info) { info.family = family; });
    for (const uint16_t family : Shorts{0, 1, 2, 10, 11}) {
        with("selector-family", [&](auto& info) { info.sel.family = family; });
        with("selector-family-unspecified", [&](auto& info) { info.sel.family = family, info.flags = 0; });
        for (const uint8_t bits : Octets{32, 33, 128, 129})
            with("selector-prefix", [&](auto& info) { info.sel.family = family, info.sel.prefixlen_s = bits; });
    }
    for (const uint8_t protocol : Octets{0, 17, 43, 50, 51, 60, 108, 255}) with("protocol", [&](auto& info) { info.id.proto = protocol; });
    for (const uint8_t mode : Octets{0, 1, 2, 3, 4, 5, 200}) with("mode", [&](auto& info) { info.mode = mode; });
    for (const uint32_t value : {0u, 1u, 255u, 256u, 0xffffffffu}) {
        with("spi", [&](auto& info) { info.id.spi = htonl(value); });
        with("reqid", [&](auto& info) { info.reqid = value; });
        with("seq", [&](auto& info) { info.seq = value; });
    }
    for (int flag = 0; flag < 8; ++flag) with("flags", [&](auto& info) { info.flags = static_cast<uint8_t>(1 << flag); });
    with("source-any", [](auto& info) { info.saddr = {}; });
    with("destination-any", [](auto& info) { info.id.daddr = {}; });
    with("limits", [](auto& info) { info.lft = {1, 2, 3, 4, 1000, 1001, 1002, 1003}; });
    with("limits-zero", [](auto& info) { info.lft = {}; });
    with("usage-and-stats", [](auto& info) { info.curlft = {5, 6, 7, 8}, info.stats = {1, 2, 3}; });
}

void add_replay_cases(std::vector<Case>& cases) {
    for (const uint8_t window : Octets{0, 1, 31, 32, 33, 64, 255})
        cases.push_back(installed("window", changed(gcm_sa(spi), [&](auto& info) { info.replay_window = window; })));
    for (const bool esn : {false, true}) {
        for (const uint32_t words : {0u, 1u, 2u, 4u, 64u, 127u, 128u, 129u, 512u})
            for (const uint32_t window : {0u, 1u, 32u, 33u, 64u, 128u, 4096u})
                cases.push_back(installed("window-attribute", with_esn_window(gcm_sa(spi), window, words, esn)));
        Message both = changed(with_esn_window(gcm_sa(spi), 64, 2, esn), [](auto& info) { info.replay_window = 32; });
        cases.push_back(installed("window-twice", both));
        for (const size_t size : {24u, 28u, 30u, 40u}) {
            Message cut = with_esn_window(gcm_sa(spi), 64, 2, esn);
            cut.attributes.back().second.resize(size);
            cases.push_back(installed("window-attribute-length", cut));
        }
        xfrm_replay_state_esn state{2, 1234, 5000, 1, 2, 64};
        Message restored = with_esn_window(gcm_sa(spi), 64, 2, esn).without(XFRMA_REPLAY_ESN_VAL);
        restored = restored.with(XFRMA_REPLAY_ESN_VAL, bytes_of(state) + Bytes(8, 0xa5));
        cases.push_back({"replay-restored", {restored, get_sa(spi), get_replay(spi, XFRM_AE_RVAL)}});
    }
    cases.push_back(installed("esn-without-window", changed(gcm_sa(spi), [](auto& info) { info.flags |= XFRM_STATE_ESN; })));
    for (const uint8_t window : Octets{0, 5, 32}) {
        const Message sa = changed(gcm_sa(spi), [&](auto& info) { info.replay_window = window; });
        for (const xfrm_replay_state& state : {xfrm_replay_state{0, 0, 0}, {7, 9, 0x1ff}, {7, 100, 0xffffffff}, {0xffffffff, 0xfffffff0, 0xf0f0f0f1}})
            cases.push_back({"replay-restored-legacy", {sa.with(XFRMA_REPLAY_VAL, state), get_sa(spi), get_replay(spi, 0)}});
    }
    for (uint32_t flag = 0; flag < 10; ++flag) cases.push_back({"replay-read", {gcm_sa(spi), get_replay(spi, 1u << flag)}});
    const Message thresholds = gcm_sa(spi).with(XFRMA_REPLAY_THRESH, uint32_t{11}).with(XFRMA_ETIMER_THRESH, uint32_t{200});
    cases.push_back({"replay-thresholds", {thresholds, get_replay(spi, XFRM_AE_RTHR | XFRM_AE_ETHR), get_sa(spi)}});
    const auto now = static_cast<uint64_t>(time(nullptr));
    for (const uint64_t added : {uint64_t{0}, now}) {
        const Message used = gcm_sa(spi).with(XFRMA_LTIME_VAL, xfrm_lifetime_cur{5, 6, added, 0});
        cases.push_back({added != 0 ? "usage-restored" : "usage-restored-without-time", {used, get_sa(spi), get_replay(spi, XFRM_AE_LVAL)}});
    }
}

/** Of Linux 6.10; what older kernels pass over. */
void add_direction_cases(std::vector<Case>& cases) {
    const Message unchecked = changed(gcm_sa(spi), [](auto& info) { info.replay_window = 0; });
    for (const size_t size : {0u, 2u, 4u}) cases.push_back(installed("direction-size", unchecked.with(sa_direction_attribute, Bytes(size, 1))));
    for (const uint8_t direction : Octets{0, 1, 2, 3, 255}) {
        const auto with = [&](const std::string& name, const Message& sa) {
            cases.push_back(installed(name, sa.with(sa_direction_attribute, direction)));
        };
        with("direction", unchecked);
        with("direction-window", gcm_sa(spi));
        with("direction-esn-window", with_esn_window(gcm_sa(spi), 64, 2, true));
        with("direction-esn-no-window", with_esn_window(gcm_sa(spi), 0, 0, true));
        with("direction-esn-bitmap-only", with_esn_window(gcm_sa(spi), 0, 2, true));
        with("direction-no-esn-no-window", with_esn_window(gcm_sa(spi), 0, 0, false));
        with("direction-replay", unchecked.with(XFRMA_REPLAY_VAL, xfrm_replay_state{0, 9, 1}));
        with("direction-replay-sent", unchecked.with(XFRMA_REPLAY_VAL, xfrm_replay_state{7, 0, 0}));
        for (const xfrm_replay_state_esn& state : {xfrm_replay_state_esn{0, 7, 0, 0, 0, 0}, {0, 0, 7, 0, 0, 0}, {0, 0, 0, 7, 0, 0}, {0, 0, 0, 0, 7, 0}})
            with("direction-esn-numbers", with_esn_window(unchecked, 0, 0, false).without(XFRMA_REPLAY_ESN_VAL).with(XFRMA_REPLAY_ESN_VAL, state));
        for (int flag = 0; flag < 8; ++flag)
            with("direction-flags", changed(unchecked, [&](auto& info) { info.flags = static_cast<uint8_t>(1 << flag | XFRM_STATE_AF_UNSPEC); }));
        for (const uint32_t flags : {1u, 2u, 3u}) with("direction-extra-flags", unchecked.with(XFRMA_SA_EXTRA_FLAGS, flags));
        with("direction-mapping-threshold", with_udp(unchecked).with(XFRMA_MTIMER_THRESH, uint32_t{9}));
        for (const uint8_t flags : Octets{0, 2}) with("direction-offload", unchecked.with(XFRMA_OFFLOAD_DEV, xfrm_user_offload{0, flags}));
        cases.push_back({"direction-replay-read", {unchecked.with(sa_direction_attribute, direction), get_replay(spi, XFRM_AE_RVAL)}});
        for (const uint8_t later : Octets{0, 1, 2}) {
            const Message update = later == 0 ? unchecked : unchecked.with(sa_direction_attribute, later);
            cases.push_back({"direction-update",
                             {unchecked.with(sa_direction_attribute, direction), update.with_type(XFRM_MSG_UPDSA), get_sa(spi)}});
        }
        cases.push_back({"direction-allocate", {allocate_spi(spi, spi, 1).with(sa_direction_attribute, direction), dump_sas()}});
    }
}

void add_attribute_cases(std::vector<Case>& cases) {
    for (const uint16_t type : Shorts{0, 1, 2, 3, 4, 5, 6, 7, 100, 0xffff}) cases.push_back(installed("encapsulation", with_udp(gcm_sa(spi), type)));
    cases.push_back(installed("encapsulation-ipv6", with_udp(with_aead(new_sa(htonl(spi), "2001:db8::1", "2001:db8::2"), {"rfc4106(gcm(aes))", 160, 128}))));
    for (const uint32_t value : {0u, 1u, 60u, 0xffffffffu}) {
        cases.push_back(installed("mapping-threshold", gcm_sa(spi).with(XFRMA_MTIMER_THRESH, value)));
        cases.push_back(installed("mapping-threshold-udp", with_udp(gcm_sa(spi)).with(XFRMA_MTIMER_THRESH, value)));
        cases.push_back(installed("if-id", gcm_sa(spi).with(XFRMA_IF_ID, value)));
        cases.push_back(installed("extra-flags", gcm_sa(spi).with(XFRMA_SA_EXTRA_FLAGS, value)));
        cases.push_back(installed("tfc-padding", gcm_sa(spi).with(XFRMA_TFCPAD, value)));
        cases.push_back(installed("set-mark", gcm_sa(spi).with(XFRMA_SET_MARK, value)));
        cases.push_back(installed("mark", gcm_sa(spi).with(XFRMA_MARK, xfrm_mark{value, value})));
    }
    cases.push_back(installed("mark-without-mask", gcm_sa(spi).with(XFRMA_MARK, xfrm_mark{5, 0})));
    cases.push_back(installed("set-mark-mask", gcm_sa(spi).with(XFRMA_SET_MARK, uint32_t{5}).with(XFRMA_SET_MARK_MASK, uint32_t{255})));
    cases.push_back(installed("care-of-address", gcm_sa(spi).with(XFRMA_COADDR, address_of("192.0.2.9"))));
    cases.push_back(installed("security-context", gcm_sa(spi).with(XFRMA_SEC_CTX, xfrm_user_sec_ctx{8, XFRMA_SEC_CTX, 1, 1, 0})));
    cases.push_back(installed("security-context-length", gcm_sa(spi).with(XFRMA_SEC_CTX, xfrm_user_sec_ctx{80, XFRMA_SEC_CTX, 1, 1, 0})));
    for (const uint8_t flags : Octets{0, 1, 2, 3, 4, 8}) cases.push_back(installed("offload", gcm_sa(spi).with(XFRMA_OFFLOAD_DEV, xfrm_user_offload{0, flags})));
    cases.push_back(installed("offload-device", gcm_sa(spi).with(XFRMA_OFFLOAD_DEV, xfrm_user_offload{1, 2})));
    cases.push_back(installed("duplicate-attribute", gcm_sa(spi).with(XFRMA_IF_ID, uint32_t{1}).with(XFRMA_IF_ID, uint32_t{2})));
}

void add_update_cases(std::vector<Case>& cases) {
    const Message sa = gcm_sa(spi);
    const Message udp = with_udp(sa);
    const auto update = [&](const std::string& name, const Message& first, const Message& second) {
        cases.push_back({name, {first, second.with_type(XFRM_MSG_UPDSA), get_sa(spi), dump_sas()}});
    };
    cases.push_back({"update-missing", {sa.with_type(XFRM_MSG_UPDSA), sad_info()}});
    cases.push_back({"added-twice", {sa, sa, dump_sas()}});
    cases.push_back({"added-twice-other-if-id", {sa, sa.with(XFRMA_IF_ID, uint32_t{7}), dump_sas()}});
    update("update-same", sa, sa);
    update("update-limits", sa, changed(sa, [](auto& info) { info.lft.hard_add_expires_seconds = 99; }));
    update("update-key", sa, with_aead(bare_sa(spi), {"rfc4106(gcm(aes))", 288, 64}));
    update("update-if-id", sa, sa.with(XFRMA_IF_ID, uint32_t{7}));
    update("update-if-id-away", sa.with(XFRMA_IF_ID, uint32_t{7}), sa);
    update("update-extra-flags", sa, sa.with(XFRMA_SA_EXTRA_FLAGS, uint32_t{1}));
    update("update-mapping-threshold", udp, udp.with(XFRMA_MTIMER_THRESH, uint32_t{9}));
    update("update-source", sa, changed(sa, [](auto& info) { info.saddr = address_of("192.0.2.77"); }));
    update("update-reqid-mode-seq", sa, changed(sa, [](auto& info) { info.reqid = 9, info.seq = 3; }));
    update("update-selector", sa, changed(sa, [](auto& info) { info.sel.prefixlen_d = 8, info.sel.family = AF_INET; }));
    update("update-window", sa, with_esn_window(sa, 64, 2, false));
    update("update-replay", sa, sa.with(XFRMA_REPLAY_VAL, xfrm_replay_state{1, 2, 3}));
    update("update-usage", sa, sa.with(XFRMA_LTIME_VAL, xfrm_lifetime_cur{1, 2, 3, 4}));
    update("update-to-udp", sa, udp);
    update("update-from-udp", udp, sa);
    Message moved = udp;
    reinterpret_cast<xfrm_encap_tmpl*>(moved.attributes.back().second.data())->encap_sport = htons(5001);
    update("update-port", udp, moved);
}

void add_lookup_cases(std::vector<Case>& cases) {
    const Message sa = gcm_sa(spi).with(XFRMA_IF_ID, uint32_t{7});
    Case wanted{"lookup", {sa}};
    for (const uint16_t type : Shorts{XFRM_MSG_GETSA, XFRM_MSG_DELSA}) {
        const Message right = of_sa(type, htonl(spi), "192.0.2.2");
        for (const uint8_t protocol : Octets{0, 17, 43, 51, 60, 108, 255}) {
            Message other = right;
            other.as<xfrm_usersa_id>().proto = protocol;
            wanted.add(other);
            wanted.add(other.with(XFRMA_SRCADDR, address_of("192.0.2.1")));
        }
        for (const uint16_t family : Shorts{0, 10, 77}) {
            Message other = right;
            other.as<xfrm_usersa_id>().family = family;
            wanted.add(other);
        }
        wanted.add(of_sa(type, htonl(spi), "192.0.2.3"));
        wanted.add(of_sa(type, htonl(spi + 1), "192.0.2.2"));
        wanted.add(of_sa(type, 0, "192.0.2.2"));
        wanted.add(right.with(XFRMA_IF_ID, uint32_t{8}).with(XFRMA_MARK, xfrm_mark{1, 1}));
        wanted.add(sad_info());
        wanted.add(sa);
    }
    cases.push_back(wanted);
    cases.push_back({"delete-twice", {sa, of_sa(XFRM_MSG_DELSA, htonl(spi), "192.0.2.2"), of_sa(XFRM_MSG_DELSA, htonl(spi), "192.0.2.2")}});
}

void add_larval_cases(std::vector<Case>& cases) {
    const auto larval_of = [](const Change& change) {
        Message request = allocate_spi(0xc0000000, 0xcfffffff, 1);
        change(request.as<xfrm_userspi_info>().info);
        return request;
    };
    for (const uint8_t protocol : Octets{0, 43, 50, 51, 108, 255}) cases.push_back({"allocate-protocol", {larval_of([&](auto& info) { info.id.proto = protocol; }), sad_info()}});
    for (const uint8_t mode : Octets{0, 1, 4, 9}) cases.push_back({"allocate-mode", {larval_of([&](auto& info) { info.mode = mode; }), dump_sas()}});
    for (const uint16_t family : Shorts{0, 10, 99}) cases.push_back({"allocate-family", {larval_of([&](auto& info) { info.family = family; }), sad_info()}});
    cases.push_back({"allocate-seq", {larval_of([](auto& info) { info.seq = 5; }), dump_sas()}});
    cases.push_back({"allocate-attributes", {allocate_spi(256, 256, 1).with(XFRMA_IF_ID, uint32_t{7}).with(XFRMA_SA_EXTRA_FLAGS, uint32_t{1}), dump_sas()}});
    cases.push_back({"allocate-mark", {allocate_spi(256, 256, 1).with(XFRMA_MARK, xfrm_mark{1, 1}), dump_sas()}});
    cases.push_back({"allocate-range", {allocate_spi(2, 1, 1), allocate_spi(0, 0, 1), sad_info()}});
    cases.push_back({"allocate-full", {allocate_spi(256, 256, 1), allocate_spi(256, 256, 2), sad_info(), allocate_spi(257, 257, 2), dump_sas()}});

    Case filled{"larval-filled", {}};
    const uint32_t number = filled.add(allocate_spi(0xc0000000, 0xcfffffff, 1));
    const Message sa = with_aead(new_sa(named_spi(number), "192.0.2.2", "192.0.2.1"), {"rfc4106(gcm(aes))", 160, 128});
    for (const Message& next : {of_sa(XFRM_MSG_GETSA, named_spi(number), "192.0.2.1"), sa, sa.with_type(XFRM_MSG_UPDSA), dump_sas(), sa,
                                of_sa(XFRM_MSG_DELSA, named_spi(number), "192.0.2.1"), sad_info()})
        filled.add(next);
    cases.push_back(filled);
    Case deleted{"larval-deleted", {}};
    const uint32_t other = deleted.add(allocate_spi(0xc0000000, 0xcfffffff, 1));
    deleted.add(of_sa(XFRM_MSG_DELSA, named_spi(other), "192.0.2.1"));
    deleted.add(sad_info());
    cases.push_back(deleted);
}

void add_flush_and_expiry_cases(std::vector<Case>& cases) {
    for (const uint8_t protocol : Octets{0, 17, 50, 51, 108, 255}) cases.push_back({"flush", {gcm_sa(spi), gcm_sa(spi + 1), flush_sas(protocol), dump_sas(), sad_info(), flush_sas(protocol)}});
    const uint32_t expire = 1u << (XFRMNLGRP_EXPIRE - 1);
    const Message short_lived = changed(gcm_sa(spi).with(XFRMA_IF_ID, uint32_t{7}), [](auto& info) {
        info.lft.soft_add_expires_seconds = 1, info.lft.hard_add_expires_seconds = 3;
    });
    cases.push_back({"expires", {short_lived}, expire, 2});
    const Message hard_only = changed(gcm_sa(spi), [](auto& info) { info.lft.soft_add_expires_seconds = 0, info.lft.hard_add_expires_seconds = 1; });
    cases.push_back({"expires-hard", {hard_only}, expire, 1});
    const Message old = hard_only.with(XFRMA_LTIME_VAL, xfrm_lifetime_cur{0, 0, 1000, 0});
    cases.push_back({"expires-at-once", {old}, expire, 1});
    const uint32_t changes = 1u << (XFRMNLGRP_SA - 1) | 1u << (XFRMNLGRP_POLICY - 1);
    cases.push_back({"change-events", {gcm_sa(spi), of_sa(XFRM_MSG_DELSA, htonl(spi), "192.0.2.2"), tunnel_policy(), flush_policies(), flush_sas(0)}, changes, 4});
}

}  // namespace

std::vector<Case> written_sa_cases() {
    std::vector<Case> cases;
    add_field_cases(cases);
    add_replay_cases(cases);
    add_direction_cases(cases);
    add_attribute_cases(cases);
    add_update_cases(cases);
    add_lookup_cases(cases);
    add_larval_cases(cases);
    add_flush_and_expiry_cases(cases);
    return cases;
}

}  // namespace uxfrm::differential
