#include "xfrm_requests_fixture.h"

namespace uxfrm {
namespace {

/** XFRMA_SA_DIR as Linux 6.10 handles it and charon 6.0 sends it. */
class SaDirectionTest : public XfrmRequestsTest {
protected:
    static constexpr uint8_t in = 1, out = 2;
    const uint32_t spi = htonl(0xc1234567);

    static Bytes with_direction(const Bytes& request, uint8_t direction) {
        return attributes::with(request, sa_direction_attribute, Bytes{direction});
    }

    /** As charon 6.0 installs what it sends with: no window, and no bitmap. */
    static Bytes outbound_esn(uint16_t type = XFRM_MSG_NEWSA) {
        SaRequest sa;
        sa.type = type;
        sa.window = 0;
        sa.flags |= XFRM_STATE_ESN;
        return attributes::with(sa.encode(), XFRMA_REPLAY_ESN_VAL, Bytes(sizeof(xfrm_replay_state_esn)));
    }

    static Bytes inbound_esn(uint16_t type = XFRM_MSG_NEWSA) {
        SaRequest sa;
        sa.type = type;
        sa.esn_window = 1024;
        sa.flags |= XFRM_STATE_ESN;
        return sa.encode();
    }

    /** What GETSA or GETAE tells; 0: nothing. */
    uint8_t told(uint16_t type, size_t fixed) {
        NetlinkMessage reply = parse(ask(sa_by_id(type, spi, "192.0.2.2", NLM_F_REQUEST)).at(0));
        EXPECT_TRUE(reply.read_attributes(fixed));
        return reply.attribute_as<uint8_t>(sa_direction_attribute).value_or(0);
    }
    uint8_t told_direction() { return told(XFRM_MSG_GETSA, sizeof(xfrm_usersa_info)); }

    const SecurityAssociation& sa() { return *sad.find({address("192.0.2.2"), spi}); }
};

TEST_F(SaDirectionTest, IsKeptAndToldAgain) {
    ASSERT_EQ(error_of(with_direction(inbound_esn(), in)), 0);
    EXPECT_EQ(sa().direction, SaDirection::in);
    EXPECT_EQ(told_direction(), in);
    EXPECT_EQ(told(XFRM_MSG_GETAE, sizeof(xfrm_aevent_id)), in);
}

TEST_F(SaDirectionTest, WithoutOneNothingIsTold) {
    ASSERT_EQ(error_of(inbound_esn()), 0);
    EXPECT_EQ(told_direction(), 0);
}

TEST_F(SaDirectionTest, ALearnedOneIsNotTold) {
    ASSERT_EQ(error_of(inbound_esn()), 0);
    ASSERT_TRUE(sad.find({address("192.0.2.2"), spi})->claim(SaDirection::in));
    EXPECT_EQ(told_direction(), 0);
}

TEST_F(SaDirectionTest, ExtendedSequenceNumbersNeedAWindowUnlessOutbound) {
    EXPECT_EQ(error_of(outbound_esn()), EINVAL);
    EXPECT_EQ(error_of(with_direction(outbound_esn(), in)), EINVAL);
    ASSERT_EQ(error_of(with_direction(outbound_esn(), out)), 0);
    EXPECT_EQ(told_direction(), out);
    EXPECT_TRUE(sa().esn());
}

TEST_F(SaDirectionTest, AnOutboundSaTakesNoPacketsIn) {
    ASSERT_EQ(error_of(with_direction(outbound_esn(), out)), 0);
    SecurityAssociation* installed = sad.find({address("192.0.2.2"), spi});
    EXPECT_FALSE(installed->claim(SaDirection::in));
    EXPECT_TRUE(installed->claim(SaDirection::out));
}

TEST_F(SaDirectionTest, AnOutboundSaHasNothingOfAnInboundOne) {
    EXPECT_EQ(error_of(with_direction(inbound_esn(), out)), EINVAL);
    SaRequest windowed;
    EXPECT_EQ(error_of(with_direction(windowed.encode(), out)), EINVAL);
    SaRequest plain;
    plain.window = 0;
    for (const int flag : {XFRM_STATE_DECAP_DSCP, XFRM_STATE_ICMP, XFRM_STATE_WILDRECV}) {
        SaRequest flagged = plain;
        flagged.flags |= static_cast<uint8_t>(flag);
        EXPECT_EQ(error_of(with_direction(flagged.encode(), out)), EINVAL);
    }
    EXPECT_EQ(error_of(with_direction(attributes::with(plain.encode(), XFRMA_MTIMER_THRESH, {60, 0, 0, 0}), out)), EINVAL);
    ASSERT_EQ(error_of(with_direction(plain.encode(), out)), 0);
}

TEST_F(SaDirectionTest, AnInboundSaHasNothingOfAnOutboundOne) {
    SaRequest no_path_mtu;
    no_path_mtu.flags |= XFRM_STATE_NOPMTUDISC;
    EXPECT_EQ(error_of(with_direction(no_path_mtu.encode(), in)), EINVAL);
    for (const uint8_t flag : Bytes{XFRM_SA_XFLAG_DONT_ENCAP_DSCP, XFRM_SA_XFLAG_OSEQ_MAY_WRAP})
        EXPECT_EQ(error_of(with_direction(attributes::with(SaRequest{}.encode(), XFRMA_SA_EXTRA_FLAGS, {flag, 0, 0, 0}), in)), EINVAL);
    ASSERT_EQ(error_of(with_direction(SaRequest{}.encode(), in)), 0);
}

TEST_F(SaDirectionTest, NumbersOf32BitsHaveNoHighHalves) {
    const auto with_high_half = [](size_t offset, uint8_t flags) {
        SaRequest sa;
        sa.window = 0;
        sa.flags |= flags;
        Bytes state(sizeof(xfrm_replay_state_esn));
        state[offset] = 7;
        return attributes::with(sa.encode(), XFRMA_REPLAY_ESN_VAL, state);
    };
    constexpr size_t sent = offsetof(xfrm_replay_state_esn, oseq_hi), received = offsetof(xfrm_replay_state_esn, seq_hi);
    EXPECT_EQ(error_of(with_direction(with_high_half(sent, 0), out)), EINVAL);
    EXPECT_EQ(error_of(with_direction(with_high_half(received, 0), in)), EINVAL);
    EXPECT_EQ(sad.size(), 0u);
    EXPECT_EQ(error_of(with_direction(with_high_half(sent, XFRM_STATE_ESN), out)), 0);
}

TEST_F(SaDirectionTest, WithoutADirectionHighHalvesOf32BitsArePassedOver) {
    SaRequest sa;
    sa.window = 0;
    Bytes state(sizeof(xfrm_replay_state_esn));
    state[offsetof(xfrm_replay_state_esn, oseq_hi)] = 7;
    EXPECT_EQ(error_of(attributes::with(sa.encode(), XFRMA_REPLAY_ESN_VAL, state)), 0);
}

TEST_F(SaDirectionTest, AnythingElseIsRefused) {
    for (const uint8_t value : Bytes{0, 3, 255}) EXPECT_EQ(error_of(with_direction(SaRequest{}.encode(), value)), ERANGE);
    for (const size_t size : {0u, 2u, 4u})
        EXPECT_EQ(error_of(attributes::with(SaRequest{}.encode(), sa_direction_attribute, Bytes(size, in))), EINVAL);
    EXPECT_EQ(sad.size(), 0u);
}

TEST_F(SaDirectionTest, AnUpdateDoesNotTurnAnSaAround) {
    ASSERT_EQ(error_of(with_direction(inbound_esn(), in)), 0);
    EXPECT_EQ(error_of(with_direction(outbound_esn(XFRM_MSG_UPDSA), out)), ESRCH);
    EXPECT_EQ(error_of(inbound_esn(XFRM_MSG_UPDSA)), ESRCH);
    EXPECT_EQ(error_of(with_direction(inbound_esn(XFRM_MSG_UPDSA), in)), 0);
    EXPECT_EQ(told_direction(), in);
}

TEST_F(SaDirectionTest, AnAllocatedSpiHasTheDirectionItWasAskedFor) {
    const auto allocate_in = [&] { return with_direction(allocate(0xc1234567, 0xc1234567), in); };
    NetlinkMessage reply = parse(ask(allocate_in()).at(0));
    ASSERT_TRUE(reply.read_attributes(sizeof(xfrm_usersa_info)));
    EXPECT_EQ(reply.attribute_as<uint8_t>(sa_direction_attribute), in);
    SaRequest update;
    update.type = XFRM_MSG_UPDSA;
    update.source = "192.0.2.2";
    update.destination = "192.0.2.1";
    update.window = 0;
    EXPECT_EQ(error_of(with_direction(update.encode(), out)), ESRCH);
    EXPECT_EQ(error_of(with_direction(update.encode(), in)), 0);
}

}  // namespace
}  // namespace uxfrm
