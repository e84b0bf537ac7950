#include "spd.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "fake_clock.h"
#include "xfrm_attributes.h"
#include "xfrm_policy_codec.h"
#include "xfrm_messages.h"

namespace uxfrm {
namespace {

std::unique_ptr<Policy> make(const PolicyRequest& request) {
    const Bytes bytes = request.encode();
    ByteView input{bytes.data(), bytes.size()};
    auto message = NetlinkMessage::next(input);
    EXPECT_EQ(read_xfrm_attributes(*message), 0);
    FakeClock clock;
    return decode_policy(*message, clock).value;
}

InnerPacket packet(const Bytes& bytes) { return parse_inner_packet(bytes.data(), bytes.size()).value(); }

TEST(Selector, MatchesPrefixesProtocolAndPorts) {
    PolicyRequest request;
    request.source = "10.1.0.0";
    request.source_bits = 20;
    request.destination = "10.2.3.4";
    request.destination_bits = 32;
    request.protocol = IPPROTO_UDP;
    request.destination_port = 53;
    const Selector selector(request.selector());
    EXPECT_TRUE(selector.matches(packet(udp_packet("10.1.15.1", "10.2.3.4", {1}))));
    EXPECT_FALSE(selector.matches(packet(udp_packet("10.1.16.1", "10.2.3.4", {1}))));
    EXPECT_FALSE(selector.matches(packet(udp_packet("10.1.15.1", "10.2.3.5", {1}))));
    EXPECT_FALSE(selector.matches(packet(tcp_packet("10.1.15.1", "10.2.3.4", {}, {1}))));
    request.destination_port = 54;
    EXPECT_FALSE(Selector(request.selector()).matches(packet(udp_packet("10.1.15.1", "10.2.3.4", {1}))));
}

TEST(Selector, FamiliesDoNotMix) {
    const Selector any_v4(PolicyRequest{}.selector());
    EXPECT_FALSE(any_v4.matches(packet(udp_packet("fd00::1", "fd00::2", {1}))));
    PolicyRequest v6;
    v6.source = v6.destination = "::";
    EXPECT_TRUE(Selector(v6.selector()).matches(packet(udp_packet("fd00::1", "fd00::2", {1}))));
}

TEST(Selector, OfAFlowMatchesJustThatFlow) {
    const Selector selector = Selector::of_flow(packet(udp_packet("10.1.0.1", "10.2.0.1", {1})));
    EXPECT_TRUE(selector.matches(packet(udp_packet("10.1.0.1", "10.2.0.1", {2}))));
    EXPECT_FALSE(selector.matches(packet(udp_packet("10.1.0.1", "10.2.0.1", {2}, 1, 5001))));
}

TEST(Spd, LowestPriorityValueWins) {
    Spd spd;
    PolicyRequest wide;
    wide.priority = 200;
    PolicyRequest narrow;
    narrow.priority = 100;
    narrow.destination = "10.2.0.0";
    narrow.destination_bits = 16;
    narrow.action = XFRM_POLICY_BLOCK;
    ASSERT_EQ(spd.insert(make(wide), true), 0);
    ASSERT_EQ(spd.insert(make(narrow), true), 0);
    EXPECT_EQ(spd.lookup(17, XFRM_POLICY_OUT, packet(udp_packet("10.1.0.1", "10.2.0.1", {1})))->priority, 100u);
    EXPECT_EQ(spd.lookup(17, XFRM_POLICY_OUT, packet(udp_packet("10.1.0.1", "10.3.0.1", {1})))->priority, 200u);
    EXPECT_FALSE(spd.lookup(18, XFRM_POLICY_OUT, packet(udp_packet("10.1.0.1", "10.3.0.1", {1}))));
    EXPECT_FALSE(spd.lookup(17, XFRM_POLICY_IN, packet(udp_packet("10.1.0.1", "10.3.0.1", {1}))));
}

TEST(Spd, ReplacingKeepsTheIndex) {
    Spd spd;
    ASSERT_EQ(spd.insert(make({}), true), 0);
    const uint32_t index = spd.find(Selector(PolicyRequest{}.selector()), XFRM_POLICY_OUT, 17)->index;
    EXPECT_EQ(index & 7, XFRM_POLICY_OUT);
    EXPECT_EQ(spd.insert(make({}), true), EEXIST);
    EXPECT_EQ(spd.insert(make({}), false), 0);
    EXPECT_TRUE(spd.find_by_index(index, XFRM_POLICY_OUT, 17));
    EXPECT_EQ(spd.size(), 1u);
}

TEST(Spd, RemovesByPredicate) {
    Spd spd;
    PolicyRequest other;
    other.if_id = 18;
    ASSERT_EQ(spd.insert(make({}), true), 0);
    ASSERT_EQ(spd.insert(make(other), true), 0);
    EXPECT_EQ(spd.remove_if([](const Policy& policy) { return policy.if_id == 17; }), 1u);
    EXPECT_EQ(spd.size(), 1u);
}

TEST(PolicyTemplate, WantsReqidSpiAndAddresses) {
    const auto policy = make({});
    ASSERT_TRUE(policy->tunnel());
    SecurityAssociation sa;
    sa.id = {address("192.0.2.2"), 5};
    sa.source = address("192.0.2.1");
    sa.reqid = 1;
    EXPECT_TRUE(policy->tunnel()->satisfied_by(sa));
    sa.reqid = 2;
    EXPECT_FALSE(policy->tunnel()->satisfied_by(sa));
    sa.reqid = 1;
    sa.source = address("192.0.2.3");
    EXPECT_FALSE(policy->tunnel()->satisfied_by(sa));
}

TEST(Policy, WithoutTemplateHasNoTunnel) {
    PolicyRequest passthrough;
    passthrough.with_template = false;
    EXPECT_FALSE(make(passthrough)->tunnel());
}

TEST(Sad, FindsTheNewestByReqid) {
    Sad sad;
    for (uint32_t i = 1; i <= 3; ++i) {
        auto sa = std::make_unique<SecurityAssociation>();
        sa->id = {address("192.0.2.2"), i};
        sa->reqid = 7;
        sa->if_id = 17;
        sa->usage.add_time = i == 2 ? 50 : 10;
        sa->state = SaState::valid;
        ASSERT_TRUE(sad.insert(std::move(sa)));
    }
    EXPECT_EQ(sad.find_by_reqid(7, 17, address("192.0.2.2"))->id.spi, 2u);
    EXPECT_FALSE(sad.find_by_reqid(7, 18, address("192.0.2.2")));
    EXPECT_FALSE(sad.find_by_reqid(8, 17, address("192.0.2.2")));
}

TEST(Sad, GenerationChangesWithEveryChange) {
    Sad sad;
    const uint64_t first = sad.generation();
    auto sa = std::make_unique<SecurityAssociation>();
    sa->id.spi = 1;
    ASSERT_TRUE(sad.insert(std::move(sa)));
    const uint64_t second = sad.generation();
    EXPECT_NE(first, second);
    EXPECT_TRUE(sad.remove({IpAddress{}, 1}));
    EXPECT_NE(second, sad.generation());
    EXPECT_FALSE(sad.remove({IpAddress{}, 1}));
}

}  // namespace
}  // namespace uxfrm
