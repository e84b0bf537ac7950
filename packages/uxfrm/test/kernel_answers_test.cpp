#include <cerrno>

#include "xfrm_requests_fixture.h"

// What the comparison with Linux 6.1 (test/differential) has found, so that it stays found where there is no such kernel.

namespace uxfrm {
namespace {

constexpr uint16_t acknowledged = NLM_F_REQUEST | NLM_F_ACK;

class KernelAnswersTest : public XfrmRequestsTest {
protected:
    /** The one reply that is no acknowledgement, its attributes read. */
    NetlinkMessage answer(const Bytes& request, size_t fixed) {
        NetlinkMessage reply = parse(ask(request).at(0));
        EXPECT_NE(reply.header().nlmsg_type, NLMSG_ERROR);
        EXPECT_TRUE(reply.read_attributes(fixed));
        return reply;
    }
    NetlinkMessage sa(uint32_t spi = htonl(0xc1234567)) {
        return answer(sa_by_id(XFRM_MSG_GETSA, spi, "192.0.2.2", NLM_F_REQUEST), sizeof(xfrm_usersa_info));
    }
    xfrm_usersa_info sa_info() { return sa().fixed<xfrm_usersa_info>().value(); }

    template <typename T>
    Bytes with_fixed(uint16_t type, const T& fixed) {
        NetlinkBuilder builder(type, 1, 1);
        builder.fixed(fixed);
        return to_bytes(builder, acknowledged);
    }
};

/** The request with its fixed part changed. */
template <typename T, typename Change>
Bytes edited(Bytes request, Change change) {
    T fixed;
    std::memcpy(&fixed, &request[NLMSG_HDRLEN], sizeof(fixed));
    change(fixed);
    std::memcpy(&request[NLMSG_HDRLEN], &fixed, sizeof(fixed));
    return request;
}

TEST_F(KernelAnswersTest, ARefusedRequestGoesBackWholeAndOfOthersTheHeader) {
    const Bytes request = SaRequest{}.encode();
    const NetlinkMessage done = parse(ask(request).at(0));
    EXPECT_EQ(done.header().nlmsg_flags, NLM_F_CAPPED);
    EXPECT_EQ(done.body().size, sizeof(nlmsgerr));
    const NetlinkMessage refused = parse(ask(request).at(0));
    EXPECT_EQ(refused.header().nlmsg_flags, 0);
    ASSERT_EQ(refused.body().size, sizeof(int) + request.size());
    EXPECT_EQ(std::memcmp(refused.body().data + sizeof(int), request.data(), request.size()), 0);
}

TEST_F(KernelAnswersTest, AcknowledgesWhatIsNoRequest) {
    NetlinkBuilder nothing(NLMSG_NOOP, 1, 1);
    EXPECT_EQ(error_of(to_bytes(nothing, acknowledged)), 0);
    NetlinkBuilder silent(NLMSG_NOOP, 1, 1);
    EXPECT_TRUE(ask(to_bytes(silent, NLM_F_REQUEST)).empty());
}

TEST_F(KernelAnswersTest, ProtocolZeroFlushesEverything) {
    ASSERT_EQ(error_of(SaRequest{}.encode()), 0);
    EXPECT_EQ(error_of(with_fixed(XFRM_MSG_FLUSHSA, xfrm_usersa_flush{IPPROTO_AH})), 0);
    EXPECT_EQ(sad.size(), 1u);
    EXPECT_EQ(error_of(with_fixed(XFRM_MSG_FLUSHSA, xfrm_usersa_flush{0})), 0);
    EXPECT_EQ(sad.size(), 0u);
}

TEST_F(KernelAnswersTest, EveryAttributeOfLinux61HasItsLength) {
    for (const uint16_t type : {XFRMA_COADDR, XFRMA_POLICY_TYPE, XFRMA_MIGRATE, XFRMA_KMADDRESS, XFRMA_ADDRESS_FILTER, XFRMA_SET_MARK, XFRMA_SET_MARK_MASK})
        EXPECT_EQ(error_of(attributes::with(SaRequest{}.encode(), type, Bytes(1))), ERANGE) << type;
    NetlinkBuilder flush(XFRM_MSG_FLUSHPOLICY, 1, 1);
    EXPECT_EQ(error_of(attributes::with(to_bytes(flush, acknowledged), XFRMA_IF_ID, Bytes(1))), ERANGE);
}

TEST_F(KernelAnswersTest, ReportsWhatTheSaWasInstalledWith) {
    const auto change = [](xfrm_usersa_info& info) {
        info.seq = 77;
        info.flags = 0;
    };
    ASSERT_EQ(error_of(edited<xfrm_usersa_info>(SaRequest{}.encode(), change)), 0);
    EXPECT_EQ(sa_info().seq, 77u);
    EXPECT_EQ(sa_info().sel.family, AF_INET);
}

TEST_F(KernelAnswersTest, ReportsFullNamesAndKeyLengthsInBits) {
    SaRequest short_names;
    short_names.aead.clear();
    short_names.cipher = "aes";
    short_names.integrity = "sha1";
    short_names.key = Bytes(16, 1);
    ASSERT_EQ(error_of(short_names.encode()), 0);
    xfrm_algo cipher{};
    xfrm_algo_auth integrity{};
    NetlinkMessage reply = sa();
    ASSERT_TRUE(reply.read(XFRMA_ALG_CRYPT, cipher) && reply.read(XFRMA_ALG_AUTH_TRUNC, integrity));
    EXPECT_STREQ(cipher.alg_name, "cbc(aes)");
    EXPECT_EQ(cipher.alg_key_len, 128u);
    EXPECT_STREQ(integrity.alg_name, "hmac(sha1)");
    short_names.spi = htonl(9);
    short_names.integrity = "sha512";
    EXPECT_EQ(error_of(short_names.encode()), ENOSYS);
}

TEST_F(KernelAnswersTest, ChecksSelectorsAndModesOfSas) {
    const auto error = [&](auto change) { return error_of(edited<xfrm_usersa_info>(SaRequest{}.encode(), change)); };
    EXPECT_EQ(error([](auto& info) { info.sel.family = 11; }), EINVAL);
    EXPECT_EQ(error([](auto& info) { info.sel.family = AF_INET, info.sel.prefixlen_d = 33; }), EINVAL);
    EXPECT_EQ(error([](auto& info) { info.mode = 200; }), EINVAL);
    EXPECT_EQ(error([](auto& info) { info.id.proto = IPPROTO_UDP; }), EINVAL);
    EXPECT_EQ(error_of(attributes::with(SaRequest{}.encode(), XFRMA_ALG_COMP, Bytes(sizeof(xfrm_algo)))), EINVAL);
    EXPECT_EQ(error_of(attributes::with(SaRequest{}.encode(), XFRMA_SEC_CTX, Bytes(8))), EINVAL);
    EXPECT_EQ(error_of(attributes::with(SaRequest{}.encode(), XFRMA_OFFLOAD_DEV, Bytes(sizeof(xfrm_user_offload)))), EINVAL) << "in UDP";
}

TEST_F(KernelAnswersTest, AReplayBitmapMayBeLargerThanTheWindowOrMissing) {
    xfrm_replay_state_esn state{};
    state.bmp_len = 4;
    state.replay_window = 33;
    SaRequest request;
    request.window = 0;
    const Bytes value(reinterpret_cast<uint8_t*>(&state), reinterpret_cast<uint8_t*>(&state) + sizeof(state));
    ASSERT_EQ(error_of(attributes::with(request.encode(), XFRMA_REPLAY_ESN_VAL, value)), 0);
    EXPECT_EQ(sa().attribute(XFRMA_REPLAY_ESN_VAL).size, sizeof(state) + 4 * sizeof(uint32_t));
}

TEST_F(KernelAnswersTest, TellsReplayThresholdsWhenAsked) {
    const Bytes eleven = {11, 0, 0, 0};
    ASSERT_EQ(error_of(attributes::with(SaRequest{}.encode(), XFRMA_REPLAY_THRESH, eleven)), 0);
    const Bytes request = edited<xfrm_aevent_id>(sa_by_id(XFRM_MSG_GETAE, htonl(0xc1234567), "192.0.2.2", NLM_F_REQUEST),
                                                  [](auto& id) { id.flags = XFRM_AE_RTHR | XFRM_AE_ETHR; });
    const NetlinkMessage reply = answer(request, sizeof(xfrm_aevent_id));
    EXPECT_EQ(reply.attribute_as<uint32_t>(XFRMA_REPLAY_THRESH), 11u);
    EXPECT_EQ(reply.attribute_as<uint32_t>(XFRMA_ETIMER_THRESH), 10u);
}

TEST_F(KernelAnswersTest, ALarvalSaIsForItsAddressesOnly) {
    const NetlinkMessage reply = answer(allocate(0x100, 0x100), sizeof(xfrm_usersa_info));
    const auto info = reply.fixed<xfrm_usersa_info>().value();
    EXPECT_EQ(info.sel.family, AF_UNSPEC);
    EXPECT_EQ(info.sel.prefixlen_s, 32);
    EXPECT_EQ(info.sel.saddr.a4, address("192.0.2.2").to_xfrm().a4);
    EXPECT_EQ(info.flags, 0);
    EXPECT_TRUE(reply.attribute(XFRMA_REPLAY_VAL));
    EXPECT_EQ(error_of(attributes::with(allocate(0x200, 0x200), XFRMA_MARK, Bytes(8, 1))), EOPNOTSUPP);
}

TEST_F(KernelAnswersTest, AnUpdateDoesNotTakeTheIfIdAway) {
    ASSERT_EQ(error_of(SaRequest{}.encode()), 0);
    SaRequest update;
    update.type = XFRM_MSG_UPDSA;
    update.if_id = 0;
    ASSERT_EQ(error_of(attributes::with(update.encode(), XFRMA_IF_ID, Bytes(4, 0))), 0);
    EXPECT_EQ(sa().attribute_as<uint32_t>(XFRMA_IF_ID), 17u);
}

TEST_F(KernelAnswersTest, AnSaOfAnotherProtocolIsAskedForByBothAddresses) {
    const auto udp = [](xfrm_usersa_id& id) { id.proto = IPPROTO_UDP; };
    const Bytes request = edited<xfrm_usersa_id>(sa_by_id(XFRM_MSG_GETSA, 1, "192.0.2.2", acknowledged), udp);
    EXPECT_EQ(error_of(request), EINVAL);
    EXPECT_EQ(error_of(attributes::with(request, XFRMA_SRCADDR, Bytes(16))), ESRCH);
}

TEST_F(KernelAnswersTest, PoliciesAreReportedWithTheirTypeAndWithoutTheirShare) {
    const PolicyRequest policy;
    ASSERT_EQ(error_of(edited<xfrm_userpolicy_info>(policy.encode(), [](auto& info) { info.share = XFRM_SHARE_USER; })), 0);
    const NetlinkMessage reply = answer(policy.encode_id(XFRM_MSG_GETPOLICY, NLM_F_REQUEST), sizeof(xfrm_userpolicy_info));
    EXPECT_EQ(reply.fixed<xfrm_userpolicy_info>()->share, XFRM_SHARE_ANY);
    ASSERT_TRUE(reply.attribute(XFRMA_POLICY_TYPE));
    EXPECT_EQ(reply.attribute_as<xfrm_userpolicy_type>(XFRMA_POLICY_TYPE)->type, XFRM_POLICY_TYPE_MAIN);
    EXPECT_EQ(error_of(attributes::with(policy.encode(), XFRMA_POLICY_TYPE, Bytes(6, XFRM_POLICY_TYPE_SUB))), EINVAL);
}

TEST_F(KernelAnswersTest, APolicyMayHaveTheIndexItAsksFor) {
    const auto with_index = [](xfrm_userpolicy_info& info) { info.index = 4001; };
    PolicyRequest policy;
    ASSERT_EQ(error_of(edited<xfrm_userpolicy_info>(policy.encode(), with_index)), 0);
    EXPECT_TRUE(spd.find_by_index(4001, XFRM_POLICY_OUT, 17));
    policy.priority = 7;
    policy.source_bits = 8;
    ASSERT_EQ(error_of(edited<xfrm_userpolicy_info>(policy.encode(), with_index)), 0);
    EXPECT_NE(spd.find_by_index(4001, XFRM_POLICY_OUT, 17)->priority, 7u);
}

TEST_F(KernelAnswersTest, QuestionsForPoliciesAreChecked) {
    const PolicyRequest policy;
    ASSERT_EQ(error_of(policy.encode()), 0);
    const Bytes question = policy.encode_id(XFRM_MSG_GETPOLICY, acknowledged);
    EXPECT_EQ(error_of(edited<xfrm_userpolicy_id>(question, [](auto& id) { id.dir = XFRM_POLICY_MAX; })), EINVAL);
    EXPECT_EQ(error_of(attributes::with(question, XFRMA_POLICY_TYPE, Bytes(6, 9))), EINVAL);
    EXPECT_EQ(error_of(attributes::with(question, XFRMA_MARK, Bytes(8, 1))), ENOENT);
}

TEST_F(KernelAnswersTest, TemplatesAreChecked) {
    const auto error = [&](auto change, uint8_t direction = XFRM_POLICY_OUT) {
        PolicyRequest policy;
        policy.with_template = false;
        policy.direction = direction;
        xfrm_user_tmpl tunnel{};
        tunnel.id.proto = IPPROTO_ESP;
        tunnel.mode = XFRM_MODE_TUNNEL;
        tunnel.family = AF_INET;
        change(tunnel);
        const auto* bytes = reinterpret_cast<const uint8_t*>(&tunnel);
        spd.clear();
        return error_of(attributes::with(policy.encode(), XFRMA_TMPL, Bytes(bytes, bytes + sizeof(tunnel))));
    };
    EXPECT_EQ(error([](auto&) {}), 0);
    EXPECT_EQ(error([](auto& tunnel) { tunnel.id.proto = IPPROTO_UDP; }), EINVAL);
    EXPECT_EQ(error([](auto& tunnel) { tunnel.optional = 1; }), EINVAL);
    EXPECT_EQ(error([](auto& tunnel) { tunnel.optional = 1; }, XFRM_POLICY_IN), 0);
    EXPECT_EQ(error([](auto& tunnel) { tunnel.family = AF_INET6; }), 0);
    EXPECT_EQ(error([](auto& tunnel) { tunnel.family = AF_INET6, tunnel.mode = XFRM_MODE_TRANSPORT; }), EINVAL);
}

TEST_F(KernelAnswersTest, ThresholdsAreCheckedAndRemembered) {
    const auto set = [&](uint16_t type, uint8_t local) { return attributes::with(with_fixed(XFRM_MSG_NEWSPDINFO, uint32_t{0}), type, Bytes{local, 16}); };
    EXPECT_EQ(error_of(set(XFRMA_SPD_IPV4_HTHRESH, 33)), EINVAL);
    EXPECT_EQ(error_of(attributes::with(with_fixed(XFRM_MSG_NEWSPDINFO, uint32_t{0}), XFRMA_SPD_IPV4_HTHRESH, Bytes(1))), ERANGE);
    ASSERT_EQ(error_of(set(XFRMA_SPD_IPV4_HTHRESH, 24)), 0);
    NetlinkBuilder question(XFRM_MSG_GETSPDINFO, 1, 1);
    question.fixed(uint32_t{0});
    const NetlinkMessage reply = answer(to_bytes(question, NLM_F_REQUEST), sizeof(uint32_t));
    EXPECT_EQ(reply.attribute_as<xfrmu_spdhthresh>(XFRMA_SPD_IPV4_HTHRESH)->lbits, 24);
    EXPECT_EQ(reply.attribute_as<xfrmu_spdhthresh>(XFRMA_SPD_IPV6_HTHRESH)->lbits, 128);
}

}  // namespace
}  // namespace uxfrm
