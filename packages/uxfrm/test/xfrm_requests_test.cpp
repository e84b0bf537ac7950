#include <cerrno>

#include "xfrm_requests_fixture.h"

namespace uxfrm {
namespace {

TEST_F(XfrmRequestsTest, AllocatesASpiInRange) {
    const auto replies = ask(allocate(0xc0000000, 0xcfffffff));
    ASSERT_EQ(replies.size(), 1u);
    const NetlinkMessage reply = parse(replies[0]);
    EXPECT_EQ(reply.header().nlmsg_type, XFRM_MSG_NEWSA);
    const uint32_t spi = ntohl(reply.fixed<xfrm_usersa_info>().value().id.spi);
    EXPECT_EQ(spi >> 28, 0xcu);
    ASSERT_EQ(sad.size(), 1u);
    EXPECT_EQ(sad.find({address("192.0.2.1"), htonl(spi)})->state, SaState::larval);
}

TEST_F(XfrmRequestsTest, AllocationEndsWhenTheRangeIsUsedUp) {
    EXPECT_EQ(parse(ask(allocate(0x100, 0x100))[0]).header().nlmsg_type, XFRM_MSG_NEWSA);
    EXPECT_EQ(error_of(allocate(0x100, 0x100)), ENOENT);
    EXPECT_EQ(error_of(allocate(0x200, 0x100)), EINVAL);
}

TEST_F(XfrmRequestsTest, UpdateFillsALarvalSa) {
    const auto replies = ask(allocate(0x100, 0x100));
    SaRequest update;
    update.type = XFRM_MSG_UPDSA;
    update.spi = htonl(0x100);
    update.source = "192.0.2.2";
    update.destination = "192.0.2.1";
    EXPECT_EQ(error_of(update.encode()), 0);
    EXPECT_EQ(sad.find({address("192.0.2.1"), htonl(0x100)})->state, SaState::valid);
    EXPECT_EQ(changed, std::vector<uint32_t>{17});
}

TEST_F(XfrmRequestsTest, NewAndUpdateAnswerAsTheKernel) {
    SaRequest update;
    update.type = XFRM_MSG_UPDSA;
    EXPECT_EQ(error_of(update.encode()), ESRCH);
    EXPECT_EQ(error_of(SaRequest{}.encode()), 0);
    EXPECT_EQ(error_of(SaRequest{}.encode()), EEXIST);
}

TEST_F(XfrmRequestsTest, UpdateOfALiveSaKeepsKeysAndSequence) {
    ASSERT_EQ(error_of(SaRequest{}.encode()), 0);
    SecurityAssociation& sa = *sad.find({address("192.0.2.2"), htonl(0xc1234567)});
    sa.output_sequence = 500;
    const EspTransform* transform = sa.transform.get();
    SaRequest update;
    update.type = XFRM_MSG_UPDSA;
    update.hard_seconds = 99;
    update.key = Bytes(20, 0x77);
    EXPECT_EQ(error_of(update.encode(), 2), 0);
    EXPECT_EQ(sa.transform.get(), transform);
    EXPECT_EQ(sa.output_sequence, 500u);
    EXPECT_EQ(sa.limits.hard_add_seconds, 99u);
    EXPECT_EQ(sa.session, 2u);
}

TEST_F(XfrmRequestsTest, CarriesBothFamiliesWithAndWithoutUdp) {
    SaRequest sa;
    for (const char* end : {"192.0.2.", "2001:db8::"}) {
        sa.source = end + std::string("1");
        sa.destination = end + std::string("2");
        for (const bool encapsulated : {true, false}) {
            sa.encapsulated = encapsulated;
            sa.spi = htonl(ntohl(sa.spi) + 1);
            ASSERT_EQ(error_of(sa.encode()), 0);
            const auto replies = ask(sa_by_id(XFRM_MSG_GETSA, sa.spi, sa.destination, NLM_F_REQUEST));
            NetlinkMessage reply = parse(replies.at(0));
            ASSERT_TRUE(reply.read_attributes(sizeof(xfrm_usersa_info)));
            EXPECT_EQ(static_cast<bool>(reply.attribute(XFRMA_ENCAP)), encapsulated);
            EXPECT_EQ(sad.find({address(sa.destination), sa.spi})->in_udp(), encapsulated);
        }
    }
}

TEST_F(XfrmRequestsTest, RefusesWhatTheHostHasNoSocketFor) {
    XfrmRequests only_udp4(sad, spd, clock, {0, -1, -1, -1}, [](uint32_t) {});
    const auto error = [&](const SaRequest& sa) {
        const NetlinkMessage request = parse(sa.encode());
        NetlinkMessage copy = request;
        const auto replies = only_udp4.handle(copy, 1);
        const ByteView reply = replies.at(0)->finish();
        return -parse(Bytes(reply.data, reply.data + reply.size)).fixed<nlmsgerr>()->error;
    };
    SaRequest sa;
    EXPECT_EQ(error(sa), 0);
    sa.spi = htonl(2);
    sa.encapsulated = false;
    EXPECT_EQ(error(sa), EPROTONOSUPPORT);
    sa.encapsulated = true;
    sa.source = "2001:db8::1";
    sa.destination = "2001:db8::2";
    EXPECT_EQ(error(sa), EAFNOSUPPORT);
}

TEST_F(XfrmRequestsTest, AnUpdateDoesNotChangeTheEncapsulation) {
    ASSERT_EQ(error_of(SaRequest{}.encode()), 0);
    SaRequest update;
    update.type = XFRM_MSG_UPDSA;
    update.encapsulated = false;
    EXPECT_EQ(error_of(update.encode()), EINVAL);
}

TEST_F(XfrmRequestsTest, RefusesWhatItCannotCarry) {
    SaRequest transport;
    transport.mode = XFRM_MODE_TRANSPORT;
    EXPECT_EQ(error_of(transport.encode()), EPROTONOSUPPORT);
    SaRequest header;
    header.protocol = IPPROTO_AH;
    EXPECT_EQ(error_of(header.encode()), EPROTONOSUPPORT);
    SaRequest unknown;
    unknown.aead = "rfc4309(ccm(aes))";
    EXPECT_EQ(error_of(unknown.encode()), ENOSYS);
    SaRequest bad_key;
    bad_key.key = Bytes(17);
    EXPECT_EQ(error_of(bad_key.encode()), EINVAL);
    SaRequest no_algorithm;
    no_algorithm.aead.clear();
    EXPECT_EQ(error_of(no_algorithm.encode()), EINVAL);
    SaRequest huge_window;
    huge_window.esn_window = 8192;
    EXPECT_EQ(error_of(huge_window.encode()), EINVAL);
    SaRequest esn_without_window;
    esn_without_window.flags |= XFRM_STATE_ESN;
    EXPECT_EQ(error_of(esn_without_window.encode()), EINVAL);
    EXPECT_EQ(sad.size(), 0u);
}

TEST_F(XfrmRequestsTest, PlainSha1GetsTheDefaultTruncation) {
    SaRequest cbc;
    cbc.aead.clear();
    cbc.cipher = "aes";
    cbc.integrity = "sha1";
    cbc.key = Bytes(16, 1);
    ASSERT_EQ(error_of(cbc.encode()), 0);
    EXPECT_EQ(sad.find({address("192.0.2.2"), cbc.spi})->algorithms.integrity->icv_bits, 96u);
}

/** How charon moves an SA: GETSA, GETAE, DELSA, then NEWSA with all attributes copied. */
TEST_F(XfrmRequestsTest, AnSaSurvivesBeingMoved) {
    SaRequest original;
    original.flags |= XFRM_STATE_ESN;
    original.esn_window = 64;
    ASSERT_EQ(error_of(original.encode()), 0);
    SecurityAssociation& before = *sad.find({address("192.0.2.2"), original.spi});
    before.output_sequence = 0x1'00000042;
    before.replay.advance(0x2'00000001);
    before.usage.bytes = 12345;
    before.usage.use_time = clock.now - 7;

    const auto sa_reply = ask(sa_by_id(XFRM_MSG_GETSA, original.spi, "192.0.2.2", NLM_F_REQUEST));
    const auto replay_reply = ask(sa_by_id(XFRM_MSG_GETAE, original.spi, "192.0.2.2", NLM_F_REQUEST));
    ASSERT_EQ(error_of(sa_by_id(XFRM_MSG_DELSA, original.spi, "192.0.2.2", NLM_F_REQUEST | NLM_F_ACK)), 0);
    EXPECT_EQ(error_of(sa_by_id(XFRM_MSG_DELSA, original.spi, "192.0.2.2", NLM_F_REQUEST | NLM_F_ACK)), ESRCH);

    NetlinkMessage sa = parse(sa_reply.at(0));
    NetlinkMessage replay = parse(replay_reply.at(0));
    EXPECT_EQ(replay.header().nlmsg_type, XFRM_MSG_NEWAE);
    ASSERT_TRUE(sa.read_attributes(sizeof(xfrm_usersa_info)));
    ASSERT_TRUE(replay.read_attributes(sizeof(xfrm_aevent_id)));
    NetlinkBuilder moved(XFRM_MSG_NEWSA, 300, 1);
    auto info = sa.fixed<xfrm_usersa_info>().value();
    info.id.daddr = address("192.0.2.9").to_xfrm();
    moved.fixed(info);
    for (uint16_t type = 1; type <= XFRMA_MAX; ++type)
        if (const ByteView value = sa.attribute(type)) moved.attribute(type, value.data, value.size);
    for (const uint16_t type : {XFRMA_REPLAY_ESN_VAL, XFRMA_LTIME_VAL}) {
        const ByteView value = replay.attribute(type);
        ASSERT_TRUE(value);
        moved.attribute(type, value.data, value.size);
    }
    ASSERT_EQ(error_of(to_bytes(moved, NLM_F_REQUEST | NLM_F_ACK)), 0);
    const SecurityAssociation* after = sad.find({address("192.0.2.9"), original.spi});
    ASSERT_TRUE(after);
    EXPECT_EQ(after->output_sequence, 0x1'00000042u);
    EXPECT_EQ(after->replay.top(), 0x2'00000001u);
    EXPECT_FALSE(after->replay.check(1));
    EXPECT_EQ(after->usage.bytes, 12345u);
    EXPECT_EQ(after->usage.use_time, clock.now - 7);
    EXPECT_EQ(after->if_id, 17u);
    EXPECT_EQ(after->encapsulation.encap_dport, htons(4500));
}

TEST_F(XfrmRequestsTest, LegacyReplayStateSurvivesToo) {
    SaRequest original;
    ASSERT_EQ(error_of(original.encode()), 0);
    SecurityAssociation& before = *sad.find({address("192.0.2.2"), original.spi});
    for (const uint64_t sequence : {40u, 42u, 43u}) before.replay.advance(sequence);
    before.output_sequence = 9;
    NetlinkMessage replay = parse(ask(sa_by_id(XFRM_MSG_GETAE, original.spi, "192.0.2.2", NLM_F_REQUEST)).at(0));
    ASSERT_TRUE(replay.read_attributes(sizeof(xfrm_aevent_id)));
    const auto state = replay.attribute_as<xfrm_replay_state>(XFRMA_REPLAY_VAL).value();
    EXPECT_EQ(state.seq, 43u);
    EXPECT_EQ(state.oseq, 9u);
    EXPECT_EQ(state.bitmap, 0b1011u);
}

TEST_F(XfrmRequestsTest, ReportsTheKeyAndTheUsage) {
    ASSERT_EQ(error_of(SaRequest{}.encode()), 0);
    SecurityAssociation& sa = *sad.find({address("192.0.2.2"), htonl(0xc1234567)});
    sa.usage.account(1000, clock.now);
    NetlinkMessage reply = parse(ask(sa_by_id(XFRM_MSG_GETSA, sa.id.spi, "192.0.2.2", NLM_F_REQUEST)).at(0));
    const auto info = reply.fixed<xfrm_usersa_info>().value();
    EXPECT_EQ(info.curlft.bytes, 1000u);
    EXPECT_EQ(info.curlft.packets, 1u);
    EXPECT_EQ(info.curlft.use_time, clock.wall_seconds());
    ASSERT_TRUE(reply.read_attributes(sizeof(xfrm_usersa_info)));
    const ByteView algorithm = reply.attribute(XFRMA_ALG_AEAD);
    ASSERT_EQ(algorithm.size, sizeof(xfrm_algo_aead) + 20);
    EXPECT_EQ(Bytes(algorithm.data + sizeof(xfrm_algo_aead), algorithm.data + algorithm.size), Bytes(20, 0x42));
}

TEST_F(XfrmRequestsTest, PoliciesAnswerAsTheKernel) {
    PolicyRequest policy;
    EXPECT_EQ(error_of(policy.encode()), 0);
    EXPECT_EQ(error_of(policy.encode()), EEXIST);
    policy.type = XFRM_MSG_UPDPOLICY;
    policy.priority = 5;
    EXPECT_EQ(error_of(policy.encode(), 2), 0);
    EXPECT_EQ(spd.size(), 1u);
    const auto replies = ask(policy.encode_id(XFRM_MSG_GETPOLICY, NLM_F_REQUEST));
    const NetlinkMessage reply = parse(replies.at(0));
    EXPECT_EQ(reply.header().nlmsg_type, XFRM_MSG_NEWPOLICY);
    EXPECT_EQ(reply.fixed<xfrm_userpolicy_info>().value().priority, 5u);
    EXPECT_EQ(error_of(policy.encode_id(XFRM_MSG_DELPOLICY, NLM_F_REQUEST | NLM_F_ACK)), 0);
    EXPECT_EQ(error_of(policy.encode_id(XFRM_MSG_DELPOLICY, NLM_F_REQUEST | NLM_F_ACK)), ENOENT);
    EXPECT_EQ(error_of(policy.encode_id(XFRM_MSG_GETPOLICY, NLM_F_REQUEST)), ENOENT);
}

TEST_F(XfrmRequestsTest, EqualSelectorsLiveSideBySideByIfId) {
    PolicyRequest policy;
    EXPECT_EQ(error_of(policy.encode()), 0);
    policy.if_id = 18;
    EXPECT_EQ(error_of(policy.encode()), 0);
    EXPECT_EQ(spd.size(), 2u);
    EXPECT_EQ(error_of(policy.encode_id(XFRM_MSG_DELPOLICY, NLM_F_REQUEST | NLM_F_ACK)), 0);
    EXPECT_EQ(spd.size(), 1u);
}

TEST_F(XfrmRequestsTest, RefusesMalformedPolicies) {
    PolicyRequest prefix;
    prefix.source_bits = 33;
    EXPECT_EQ(error_of(prefix.encode()), EINVAL);
    PolicyRequest direction;
    direction.direction = 7;
    EXPECT_EQ(error_of(direction.encode()), EINVAL);
    PolicyRequest action;
    action.action = 9;
    EXPECT_EQ(error_of(action.encode()), EINVAL);
}

TEST_F(XfrmRequestsTest, FlushesEverything) {
    ASSERT_EQ(error_of(SaRequest{}.encode()), 0);
    ASSERT_EQ(error_of(PolicyRequest{}.encode()), 0);
    NetlinkBuilder flush_sas(XFRM_MSG_FLUSHSA, 1, 1);
    flush_sas.fixed(xfrm_usersa_flush{IPPROTO_ESP});
    EXPECT_EQ(error_of(to_bytes(flush_sas, NLM_F_REQUEST | NLM_F_ACK)), 0);
    NetlinkBuilder flush_policies(XFRM_MSG_FLUSHPOLICY, 1, 1);
    EXPECT_EQ(error_of(to_bytes(flush_policies, NLM_F_REQUEST | NLM_F_ACK)), 0);
    EXPECT_EQ(sad.size() + spd.size(), 0u);
}

TEST_F(XfrmRequestsTest, AnswersSpdInfo) {
    NetlinkBuilder query(XFRM_MSG_GETSPDINFO, 1, 1);
    query.fixed(uint32_t{0});
    NetlinkMessage reply = parse(ask(to_bytes(query, NLM_F_REQUEST)).at(0));
    EXPECT_EQ(reply.header().nlmsg_type, XFRM_MSG_NEWSPDINFO);
    ASSERT_TRUE(reply.read_attributes(sizeof(uint32_t)));
    EXPECT_EQ(reply.attribute_as<xfrmu_spdhthresh>(XFRMA_SPD_IPV6_HTHRESH)->lbits, 128);
}

TEST_F(XfrmRequestsTest, CountsForSadAndSpdInfo) {
    ASSERT_EQ(error_of(SaRequest{}.encode()), 0);
    ASSERT_EQ(error_of(PolicyRequest{}.encode()), 0);
    const auto info = [&](uint16_t type) {
        NetlinkBuilder builder(type, 1, 1);
        builder.fixed(uint32_t{0});
        NetlinkMessage reply = parse(ask(to_bytes(builder, NLM_F_REQUEST)).at(0));
        EXPECT_TRUE(reply.read_attributes(sizeof(uint32_t)));
        return reply;
    };
    const NetlinkMessage sad_info = info(XFRM_MSG_GETSADINFO);
    EXPECT_EQ(sad_info.header().nlmsg_type, XFRM_MSG_NEWSADINFO);
    EXPECT_EQ(sad_info.attribute_as<uint32_t>(XFRMA_SAD_CNT), 1u);
    const NetlinkMessage spd_info = info(XFRM_MSG_GETSPDINFO);
    EXPECT_EQ(spd_info.attribute_as<xfrmu_spdinfo>(XFRMA_SPD_INFO)->outcnt, 1u);
    EXPECT_EQ(spd_info.attribute_as<xfrmu_spdinfo>(XFRMA_SPD_INFO)->incnt, 0u);
}

TEST_F(XfrmRequestsTest, DumpsSasAndPolicies) {
    for (uint32_t spi = 1; spi <= 3; ++spi) {
        SaRequest sa;
        sa.spi = htonl(spi);
        ASSERT_EQ(error_of(sa.encode()), 0);
    }
    ASSERT_EQ(error_of(PolicyRequest{}.encode()), 0);
    const auto dump = [&](uint16_t type, uint16_t flag, uint16_t reply_type) {
        NetlinkBuilder builder(type, 7, 1);
        const auto replies = ask(to_bytes(builder, static_cast<uint16_t>(NLM_F_REQUEST | NLM_F_ACK | flag)));
        for (size_t i = 0; i < replies.size(); ++i) {
            const nlmsghdr header = parse(replies[i]).header();
            EXPECT_EQ(header.nlmsg_type, i + 1 < replies.size() ? reply_type : NLMSG_DONE);
            EXPECT_EQ(header.nlmsg_flags, NLM_F_MULTI);
            EXPECT_EQ(header.nlmsg_seq, 7u);
        }
        return replies.size();
    };
    EXPECT_EQ(dump(XFRM_MSG_GETSA, NLM_F_DUMP, XFRM_MSG_NEWSA), 4u);
    EXPECT_EQ(dump(XFRM_MSG_GETPOLICY, NLM_F_ROOT, XFRM_MSG_NEWPOLICY), 2u);
}

/** XFRMA_NAT_KEEPALIVE_INTERVAL (34), XFRMA_SA_PCPU (35), XFRMA_IPTFS_… (36 to 41). */
TEST_F(XfrmRequestsTest, AttributesOfNewerKernelsArePassedOver) {
    Bytes request = SaRequest{}.encode();
    for (uint16_t type = 34; type <= 60; ++type) request = attributes::with(request, type, Bytes(type % 5, 1));
    EXPECT_EQ(error_of(request), 0);
    EXPECT_EQ(sad.find({address("192.0.2.2"), htonl(0xc1234567)})->direction, SaDirection::unknown);
    const auto replies = ask(sa_by_id(XFRM_MSG_GETSA, htonl(0xc1234567), "192.0.2.2", NLM_F_REQUEST));
    const size_t fixed = NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(xfrm_usersa_info));
    for (size_t offset = fixed; offset + sizeof(rtattr) <= replies.at(0).size();) {
        rtattr attribute;
        std::memcpy(&attribute, &replies[0][offset], sizeof(attribute));
        EXPECT_LE(attribute.rta_type, 32);
        offset += RTA_ALIGN(attribute.rta_len);
    }
}

TEST_F(XfrmRequestsTest, AttributesThatAreTooShortAreOutOfRange) {
    for (const uint16_t type : {XFRMA_IF_ID, XFRMA_ENCAP, XFRMA_ALG_AEAD, XFRMA_REPLAY_ESN_VAL, XFRMA_MTIMER_THRESH, XFRMA_MARK})
        EXPECT_EQ(error_of(attributes::with(SaRequest{}.encode(), type, Bytes(3))), ERANGE);
    EXPECT_EQ(error_of(attributes::with(PolicyRequest{}.encode(), XFRMA_TMPL, Bytes(10))), ERANGE);
    EXPECT_EQ(sad.size(), 0u);
}

TEST_F(XfrmRequestsTest, MappingIntervalIsForEspInUdp) {
    const Bytes minute = {60, 0, 0, 0};
    SaRequest plain;
    plain.encapsulated = false;
    EXPECT_EQ(error_of(attributes::with(plain.encode(), XFRMA_MTIMER_THRESH, minute)), EINVAL);
    ASSERT_EQ(error_of(attributes::with(SaRequest{}.encode(), XFRMA_MTIMER_THRESH, minute)), 0);
    NetlinkMessage reply = parse(ask(sa_by_id(XFRM_MSG_GETSA, htonl(0xc1234567), "192.0.2.2", NLM_F_REQUEST)).at(0));
    ASSERT_TRUE(reply.read_attributes(sizeof(xfrm_usersa_info)));
    EXPECT_EQ(reply.attribute_as<uint32_t>(XFRMA_MTIMER_THRESH), 60u);
}

TEST_F(XfrmRequestsTest, OffloadIsAWishButPacketOffloadIsRefused) {
    Bytes offload(sizeof(xfrm_user_offload));
    offload[offsetof(xfrm_user_offload, flags)] = XFRM_OFFLOAD_INBOUND;
    SaRequest plain;
    plain.encapsulated = false;
    EXPECT_EQ(error_of(attributes::with(plain.encode(), XFRMA_OFFLOAD_DEV, offload)), 0);
    offload[offsetof(xfrm_user_offload, flags)] = 4;  // XFRM_OFFLOAD_PACKET of Linux 6.2
    plain.spi = htonl(5);
    EXPECT_EQ(error_of(attributes::with(plain.encode(), XFRMA_OFFLOAD_DEV, offload)), EINVAL);
}

TEST_F(XfrmRequestsTest, RefusesUnknownAndCutRequests) {
    NetlinkBuilder unknown(XFRM_MSG_MIGRATE, 1, 1);
    EXPECT_EQ(error_of(to_bytes(unknown, NLM_F_REQUEST | NLM_F_ACK)), EINVAL);
    for (const uint16_t type : {XFRM_MSG_NEWSA, XFRM_MSG_UPDSA, XFRM_MSG_DELSA, XFRM_MSG_GETSA, XFRM_MSG_GETAE,
                                XFRM_MSG_NEWPOLICY, XFRM_MSG_ALLOCSPI}) {
        NetlinkBuilder empty(type, 1, 1);
        EXPECT_EQ(error_of(to_bytes(empty, NLM_F_REQUEST | NLM_F_ACK)), EINVAL);
    }
}

TEST_F(XfrmRequestsTest, KeyLongerThanItsAttributeIsRefused) {
    Bytes request = SaRequest{}.encode();
    const size_t key_bits = NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(xfrm_usersa_info)) + 4 + offsetof(xfrm_algo_aead, alg_key_len);
    for (const uint32_t bits : {168u, 0xfffffff9u, 0xffffffffu}) {
        std::memcpy(&request[key_bits], &bits, sizeof(bits));
        EXPECT_EQ(error_of(request), EINVAL);
    }
}

}  // namespace
}  // namespace uxfrm
