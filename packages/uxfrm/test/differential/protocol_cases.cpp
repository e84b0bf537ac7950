#include "case.h"
#include "requests.h"

namespace uxfrm::differential {
namespace {

constexpr uint32_t spi = 0xc0000001;
constexpr uint16_t attribute_types = 48;

/** A valid request of each type, most of them with something to find. */
std::vector<Message> one_of_each() {
    xfrm_usersa_flush flush{50};
    return {gcm_sa(spi),
            gcm_sa(spi).with_type(XFRM_MSG_UPDSA),
            get_sa(spi),
            get_replay(spi, 0),
            allocate_spi(256, 256, 1),
            tunnel_policy(),
            tunnel_policy().with_type(XFRM_MSG_UPDPOLICY),
            of_policy(XFRM_MSG_GETPOLICY, tunnel_policy()),
            of_policy(XFRM_MSG_DELPOLICY, tunnel_policy()),
            of_sa(XFRM_MSG_DELSA, get_sa(spi).as<xfrm_usersa_id>().spi, "192.0.2.2"),
            Message::of(XFRM_MSG_FLUSHSA, flush),
            sad_info(),
            spd_info(),
            Message::of(XFRM_MSG_NEWSPDINFO, uint32_t{0})};
}

void add_header_cases(std::vector<Case>& cases) {
    for (const Message& request : one_of_each()) {
        Case flags{"header-flags", {}};
        for (const int value : {0, 1, 4, 5, 1 | 8, 1 | 4 | 0x1000}) flags.add(request.with_flags(static_cast<uint16_t>(value)));
        flags.add(sad_info());
        cases.push_back(flags);
        Case cut{"cut", {}};
        for (const size_t missing : {1u, 2u, 4u, 8u, 16u, 40u, 100u, 1000u}) {
            Message shorter = request;
            shorter.cut = missing;
            cut.add(shorter);
        }
        cut.add(dump_sas());
        cut.add(dump_policies());
        cases.push_back(cut);
    }
    Case types{"types", {}};
    for (uint16_t type = 0; type < 64; ++type) {
        // Requests with a meaning of their own, or none here; NLMSG_DONE ends our own reading.
        if ((type >= XFRM_MSG_BASE && type <= XFRM_MSG_MAX) || type == NLMSG_DONE || type == NLMSG_ERROR) continue;
        Message unknown;
        unknown.type = type;
        types.add(unknown);
        types.add(unknown.with_flags(NLM_F_REQUEST));
        types.add(unknown.with_flags(NLM_F_ACK));
    }
    for (const uint16_t type : Shorts{255, 256, 0x1000, 0xfff0 - 1, 0xffff}) {
        Message unknown;
        unknown.type = type;
        types.add(unknown);
    }
    cases.push_back(types);
    for (const uint16_t type : Shorts{XFRM_MSG_POLEXPIRE, XFRM_MSG_EXPIRE, XFRM_MSG_ACQUIRE, XFRM_MSG_NEWAE, XFRM_MSG_REPORT, XFRM_MSG_MIGRATE, XFRM_MSG_MAPPING,
                                XFRM_MSG_NEWSADINFO, XFRM_MSG_SETDEFAULT, XFRM_MSG_GETDEFAULT}) {
        Message request;
        request.type = type;
        cases.push_back({"other-type-empty", {request}});
        request.fixed.resize(512);
        cases.push_back({"other-type", {request}});
    }
}

void add_dump_cases(std::vector<Case>& cases) {
    for (const int flags : {NLM_F_ROOT, NLM_F_MATCH, NLM_F_DUMP, NLM_F_DUMP | NLM_F_ACK}) {
        const auto all = static_cast<uint16_t>(flags | NLM_F_REQUEST);
        cases.push_back({"dump-flags", {gcm_sa(spi), gcm_sa(spi + 1), tunnel_policy(), dump_sas().with_flags(all), dump_policies().with_flags(all)}});
    }
    Case many{"dump-many", {}};
    for (uint32_t i = 0; i < 150; ++i) {
        many.add(gcm_sa(spi + i));
        Message policy = tunnel_policy();
        policy.as<xfrm_userpolicy_info>().sel.user = i;
        many.add(policy);
    }
    many.add(dump_sas());
    many.add(dump_policies());
    many.add(sad_info());
    many.add(spd_info());
    cases.push_back(many);
    Case filters{"dump-filter", {gcm_sa(spi)}};
    filters.add(dump_sas().with(XFRMA_PROTO, Bytes{51}));
    filters.add(dump_sas().with(XFRMA_PROTO, Bytes{50}));
    cases.push_back(filters);
}

/** Every attribute, of every kind of request: empty, a byte short of its type, with a byte more. */
void add_attribute_cases(std::vector<Case>& cases) {
    for (const Message& request : one_of_each()) {
        for (uint16_t type = 0; type < attribute_types; ++type) {
            for (const size_t size : {0u, 1u, 3u, 4u, 23u}) {
                // What is long enough has a meaning; that has cases of its own.
                const bool long_enough = size == 4 || (size != 0 && type == XFRMA_PROTO) || (size >= 23 && type < 48);
                if ((long_enough && type <= XFRMA_MTIMER_THRESH) || type == sa_direction_attribute) continue;
                cases.push_back({"attribute-size", {request.with(type, Bytes(size, 1))}});
            }
        }
        cases.push_back({"attribute-flags", {request.with(XFRMA_IF_ID | NLA_F_NESTED, uint32_t{5}), dump_sas(), dump_policies()}});
        cases.push_back({"attribute-flags", {request.with(XFRMA_IF_ID | NLA_F_NET_BYTEORDER, uint32_t{5}), dump_sas(), dump_policies()}});
        cases.push_back({"attribute-long", {request.with(XFRMA_IF_ID, Bytes(64, 1)), dump_sas(), dump_policies()}});
        cases.push_back({"attribute-huge", {request.with(60, Bytes(20000, 1)), dump_sas(), dump_policies()}});
    }
}

void add_info_cases(std::vector<Case>& cases) {
    Case thresholds{"thresholds", {}};
    const Message request = Message::of(XFRM_MSG_NEWSPDINFO, uint32_t{0});
    for (const uint16_t type : Shorts{XFRMA_SPD_IPV4_HTHRESH, XFRMA_SPD_IPV6_HTHRESH}) {
        for (const auto& value : {xfrmu_spdhthresh{24, 16}, xfrmu_spdhthresh{33, 0}, xfrmu_spdhthresh{0, 33}, xfrmu_spdhthresh{64, 129},
                                  xfrmu_spdhthresh{32, 32}, xfrmu_spdhthresh{128, 128}}) {
            thresholds.add(request.with(type, value));
            thresholds.add(spd_info());
        }
        thresholds.add(request.with(type, Bytes{1}));
    }
    thresholds.add(request.with(XFRMA_SPD_IPV4_HTHRESH, xfrmu_spdhthresh{32, 32}).with(XFRMA_SPD_IPV6_HTHRESH, xfrmu_spdhthresh{128, 128}));
    thresholds.add(spd_info());
    cases.push_back(thresholds);
    cases.push_back({"info-attributes", {sad_info().with(1, Bytes(2)), spd_info().with(1, Bytes(2)), request.with(9, Bytes(1))}});
}

}  // namespace

std::vector<Case> written_protocol_cases() {
    std::vector<Case> cases;
    add_header_cases(cases);
    add_dump_cases(cases);
    add_attribute_cases(cases);
    add_info_cases(cases);
    return cases;
}

}  // namespace uxfrm::differential
