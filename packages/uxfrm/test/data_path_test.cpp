#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>

#include "fake_clock.h"
#include "inbound.h"
#include "outbound.h"
#include "xfrm_messages.h"
#include "xfrm_requests.h"

namespace uxfrm {
namespace {

struct RecordedEvents final : XfrmEvents {
    int acquires = 0;
    int expires = 0;
    int mappings = 0;
    void acquire(const Policy&, const InnerPacket&) override { ++acquires; }
    void expire(const SecurityAssociation&, const LifetimeUsage&, bool) override { ++expires; }
    void mapping(const SecurityAssociation&, const IpAddress&, uint16_t) override { ++mappings; }
};

/** One end: databases, lifecycle and both directions, without devices; what it sends lands on a loopback socket. */
struct End {
    explicit End(const Clock& clock)
        : requests(sad, spd, clock, {0, 0, 0, 0}, [](uint32_t) {}),
          lifecycle(sad, spd, events, clock, 60),
          tuns(drops, slow_calls),
          sender({socket_.get(), -1, -1, -1}, drops),
          outbound(sad, spd, lifecycle, sender, tuns, events, drops, clock),
          inbound(sad, spd, lifecycle, tuns, events, drops, clock) {}

    int ask(const Bytes& request) {
        ByteView input{request.data(), request.size()};
        auto message = NetlinkMessage::next(input);
        const auto replies = requests.handle(*message, 1);
        ByteView reply = replies.at(0)->finish();
        return -NetlinkMessage::next(reply)->fixed<nlmsgerr>()->error;
    }

    void send(const Bytes& packet, uint32_t if_id = 17) {
        outbound.forward(if_id, VirtioHeader{}, packet.data(), packet.size(), counters);
        sender.flush();
    }

    FileDescriptor socket_{socket(AF_INET, SOCK_DGRAM, 0)};
    RecordedEvents events;
    DropCounters drops;
    Sad sad;
    Spd spd;
    XfrmRequests requests;
    SaLifecycle lifecycle;
    EventLoop loop;
    ControlQueue queue{loop};
    SlowCalls slow_calls{queue};
    TunTable tuns;
    OuterSender sender;
    Outbound outbound;
    Inbound inbound;
    TunCounters counters;
};

class DataPathTest : public testing::Test {
protected:
    FakeClock clock;
    End a{clock};
    End b{clock};
    FileDescriptor wire{socket(AF_INET, SOCK_DGRAM, 0)};
    uint16_t wire_port = 0;

    SaRequest sa_request() {
        SaRequest sa;
        sa.source = "127.0.0.1";
        sa.destination = "127.0.0.1";
        return sa;
    }

    PolicyRequest policy_request(uint8_t direction) {
        PolicyRequest policy;
        policy.direction = direction;
        policy.tunnel_source = "127.0.0.1";
        policy.tunnel_destination = "127.0.0.1";
        return policy;
    }

    void SetUp() override {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        ASSERT_EQ(bind(wire.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
        socklen_t length = sizeof(address);
        getsockname(wire.get(), reinterpret_cast<sockaddr*>(&address), &length);
        wire_port = address.sin_port;
    }

    void install(const SaRequest& sa) {
        ASSERT_EQ(a.ask(sa.encode()), 0);
        ASSERT_EQ(b.ask(sa.encode()), 0);
        a.sad.for_each([&](SecurityAssociation& installed) { installed.encapsulation.encap_dport = wire_port; });
        ASSERT_EQ(a.ask(policy_request(XFRM_POLICY_OUT).encode()), 0);
        ASSERT_EQ(b.ask(policy_request(XFRM_POLICY_IN).encode()), 0);
    }

    /** What `a` has sent, one datagram. */
    Bytes receive() {
        Bytes datagram(65536);
        pollfd wait{wire.get(), POLLIN, 0};
        if (poll(&wait, 1, 1000) != 1) return {};
        datagram.resize(static_cast<size_t>(recv(wire.get(), datagram.data(), datagram.size(), 0)));
        return datagram;
    }

    void arrive(Bytes datagram, uint16_t source_port = htons(4500), bool in_udp = true) {
        b.inbound.receive({datagram.data(), datagram.size(), loopback, loopback, source_port, 0, in_udp});
        b.inbound.flush();
    }

    SecurityAssociation& sa_of(End& end) {
        SecurityAssociation* found = nullptr;
        end.sad.for_each([&](SecurityAssociation& sa) { found = &sa; });
        return *found;
    }

    const IpAddress loopback = address("127.0.0.1");
    const Bytes ping = udp_packet("10.1.0.1", "10.2.0.1", payload_bytes(40));
};

/** There is no device behind `b`, so a packet that passed all checks ends as XfrmInBufferError. */
TEST_F(DataPathTest, PacketsPassFromEndToEnd) {
    install(sa_request());
    a.send(ping);
    arrive(receive());
    EXPECT_EQ(b.drops[Drop::in_buffer_error], 1u);
    EXPECT_EQ(sa_of(b).usage.bytes, ping.size());
    EXPECT_EQ(sa_of(b).usage.packets, 1u);
    EXPECT_EQ(a.counters.tx_bytes, ping.size());
    EXPECT_EQ(sa_of(a).direction, SaDirection::out);
    EXPECT_EQ(sa_of(b).direction, SaDirection::in);
}

TEST_F(DataPathTest, ReplaysAndForgeriesAreDropped) {
    install(sa_request());
    a.send(ping);
    const Bytes datagram = receive();
    Bytes forged = datagram;
    forged.back() = static_cast<uint8_t>(forged.back() ^ 1);
    arrive(forged);
    EXPECT_EQ(b.drops[Drop::in_state_protocol_error], 1u);
    arrive(datagram);
    arrive(datagram);
    EXPECT_EQ(b.drops[Drop::in_state_sequence_error], 1u);
    EXPECT_EQ(sa_of(b).replay_drops, 1u);
    EXPECT_EQ(sa_of(b).integrity_failures, 1u);
    EXPECT_EQ(sa_of(b).usage.packets, 1u);
}

TEST_F(DataPathTest, UnknownAndShortDatagramsAreDropped) {
    install(sa_request());
    arrive(Bytes(7, 1));
    arrive(Bytes(64, 1));
    EXPECT_EQ(b.drops[Drop::in_header_error], 1u);
    EXPECT_EQ(b.drops[Drop::in_no_states], 1u);
}

TEST_F(DataPathTest, InboundPolicyIsChecked) {
    install(sa_request());
    PolicyRequest in = policy_request(XFRM_POLICY_IN);
    ASSERT_EQ(b.ask(in.encode_id(XFRM_MSG_DELPOLICY, NLM_F_REQUEST | NLM_F_ACK)), 0);
    a.send(ping);
    arrive(receive());
    EXPECT_EQ(b.drops[Drop::in_no_policies], 1u);

    in.action = XFRM_POLICY_BLOCK;
    ASSERT_EQ(b.ask(in.encode()), 0);
    a.send(ping);
    arrive(receive());
    EXPECT_EQ(b.drops[Drop::in_policy_block], 1u);

    in.type = XFRM_MSG_UPDPOLICY;
    in.action = XFRM_POLICY_ALLOW;
    in.reqid = 2;
    ASSERT_EQ(b.ask(in.encode()), 0);
    a.send(ping);
    arrive(receive());
    EXPECT_EQ(b.drops[Drop::in_template_mismatch], 1u);
    EXPECT_EQ(b.drops[Drop::in_buffer_error], 0u);
}

TEST_F(DataPathTest, PolicyOfAnotherIfIdDoesNotCount) {
    install(sa_request());
    sa_of(b).if_id = 18;
    a.send(ping);
    arrive(receive());
    EXPECT_EQ(b.drops[Drop::in_no_policies], 1u);
}

TEST_F(DataPathTest, OutboundWithoutPolicyIsDropped) {
    install(sa_request());
    a.send(ping, 18);
    EXPECT_EQ(a.drops[Drop::out_policy_error], 1u);
    PolicyRequest block = policy_request(XFRM_POLICY_OUT);
    block.type = XFRM_MSG_UPDPOLICY;
    block.action = XFRM_POLICY_BLOCK;
    ASSERT_EQ(a.ask(block.encode()), 0);
    a.send(ping);
    EXPECT_EQ(a.drops[Drop::out_policy_block], 1u);
    PolicyRequest clear = policy_request(XFRM_POLICY_OUT);
    clear.type = XFRM_MSG_UPDPOLICY;
    clear.with_template = false;
    ASSERT_EQ(a.ask(clear.encode()), 0);
    a.send(ping);
    EXPECT_EQ(a.drops[Drop::out_policy_error], 2u);
    EXPECT_EQ(a.counters.tx_packets, 0u);
}

TEST_F(DataPathTest, ATrapPolicyAsksForAnSaNowAndThen) {
    ASSERT_EQ(a.ask(policy_request(XFRM_POLICY_OUT).encode()), 0);
    for (int i = 0; i < 5; ++i) a.send(ping);
    EXPECT_EQ(a.events.acquires, 1);
    clock.now += 3;
    a.send(ping);
    EXPECT_EQ(a.events.acquires, 2);
    ASSERT_EQ(a.ask(sa_request().encode()), 0);
    a.send(ping);
    EXPECT_EQ(a.counters.tx_packets, 1u);
    EXPECT_EQ(sa_of(a).usage.packets, 7u);
    EXPECT_EQ(a.drops[Drop::out_no_states], 0u);
}

TEST_F(DataPathTest, PacketsWaitForTheirSaAndLeaveInOrder) {
    ASSERT_EQ(a.ask(policy_request(XFRM_POLICY_OUT).encode()), 0);
    for (uint16_t i = 0; i < 3; ++i) a.send(udp_packet("10.1.0.1", "10.2.0.1", payload_bytes(100u + i)));
    a.outbound.release_waiting();
    ASSERT_EQ(a.ask(sa_request().encode()), 0);
    ASSERT_EQ(b.ask(sa_request().encode()), 0);
    sa_of(a).encapsulation.encap_dport = wire_port;
    // IKE replaces the trap policy; what waits goes over to the new one.
    PolicyRequest update = policy_request(XFRM_POLICY_OUT);
    update.type = XFRM_MSG_UPDPOLICY;
    ASSERT_EQ(a.ask(update.encode()), 0);
    a.outbound.release_waiting();
    for (uint32_t i = 0; i < 3; ++i) {
        const Bytes datagram = receive();
        EXPECT_EQ(datagram.size(), sa_of(a).transform->sealed_length(128 + i));
        EXPECT_EQ(load_be32(datagram.data() + 4), i + 1);
    }
    EXPECT_EQ(a.drops[Drop::out_no_states], 0u);
}

TEST_F(DataPathTest, WaitingIsBoundedInPacketsBytesAndTime) {
    ASSERT_EQ(a.ask(policy_request(XFRM_POLICY_OUT).encode()), 0);
    for (size_t i = 0; i < WaitingPackets::max_packets + 8; ++i) a.send(ping);
    EXPECT_EQ(a.drops[Drop::out_no_states], 8u);
    clock.now += WaitingPackets::max_seconds;
    a.outbound.expire_waiting();
    EXPECT_EQ(a.drops[Drop::out_no_states], 8u + WaitingPackets::max_packets);

    const Bytes large = udp_packet("10.1.0.1", "10.2.0.1", payload_bytes(60000));
    for (int i = 0; i < 5; ++i) a.send(large);
    EXPECT_EQ(a.drops[Drop::out_no_states], 9u + WaitingPackets::max_packets);
    clock.now += WaitingPackets::max_seconds - 1;
    a.outbound.expire_waiting();
    EXPECT_EQ(a.drops[Drop::out_no_states], 9u + WaitingPackets::max_packets);
}

TEST_F(DataPathTest, WhatWaitsGoesWithItsPolicy) {
    const PolicyRequest out = policy_request(XFRM_POLICY_OUT);
    ASSERT_EQ(a.ask(out.encode()), 0);
    for (int i = 0; i < 3; ++i) a.send(ping);
    ASSERT_EQ(a.ask(out.encode_id(XFRM_MSG_DELPOLICY, NLM_F_REQUEST | NLM_F_ACK)), 0);
    EXPECT_EQ(a.drops[Drop::out_no_states], 3u);
    ASSERT_EQ(a.ask(out.encode()), 0);
    ASSERT_EQ(a.ask(sa_request().encode()), 0);
    a.outbound.release_waiting();
    EXPECT_EQ(sa_of(a).usage.packets, 0u);
}

TEST_F(DataPathTest, NoPolicyTakesAllTheRoomThatWaitingHas) {
    const Bytes large = udp_packet("10.1.0.1", "10.2.0.1", payload_bytes(60000));
    const size_t each = WaitingPackets::max_bytes / large.size();
    const size_t policies = WaitingPackets::max_total_bytes / (each * large.size());
    for (uint32_t if_id = 100; if_id < 100 + policies + 5; ++if_id) {
        PolicyRequest out = policy_request(XFRM_POLICY_OUT);
        out.if_id = if_id;
        ASSERT_EQ(a.ask(out.encode()), 0);
        for (size_t i = 0; i < each; ++i) a.send(large, if_id);
    }
    EXPECT_GE(a.drops[Drop::out_no_states], 4 * each);
}

/** What is larger than the SA carries, by the rules of xfrmi_xmit2. */
TEST_F(DataPathTest, PacketsTooLargeForTheSaAreRefusedOrFragmented) {
    install(sa_request());
    sa_of(a).inner_mtu = 1238;
    const auto sent = [&](Bytes packet, bool dont_fragment) {
        const uint64_t before = a.counters.tx_packets;
        if (dont_fragment) packet[6] = 0x40;
        a.send(packet);
        return a.counters.tx_packets - before;
    };
    const Bytes fits = udp_packet("10.1.0.1", "10.2.0.1", payload_bytes(1210));
    const Bytes large = udp_packet("10.1.0.1", "10.2.0.1", payload_bytes(1211));
    EXPECT_EQ(sent(fits, true), 1u);
    EXPECT_EQ(sent(large, true), 0u);
    EXPECT_EQ(sent(large, false), 1u);
    EXPECT_EQ(sent(udp_packet("fd01::1", "fd02::1", payload_bytes(1280 - 48)), false), 0u);  // no such policy
    EXPECT_EQ(a.drops[Drop::out_too_big], 1u);
    PolicyRequest six = policy_request(XFRM_POLICY_OUT);
    six.source = six.destination = "::";
    ASSERT_EQ(a.ask(six.encode()), 0);
    EXPECT_EQ(sent(udp_packet("fd01::1", "fd02::1", payload_bytes(1280 - 48)), false), 1u);
    EXPECT_EQ(sent(udp_packet("fd01::1", "fd02::1", payload_bytes(1281 - 48)), false), 0u);
    EXPECT_EQ(a.drops[Drop::out_too_big], 2u);
}

TEST_F(DataPathTest, ATemplateWithSpiWantsThatSpi) {
    PolicyRequest policy = policy_request(XFRM_POLICY_OUT);
    policy.spi = htonl(0x999);
    ASSERT_EQ(a.ask(policy.encode()), 0);
    ASSERT_EQ(a.ask(sa_request().encode()), 0);
    a.send(ping);
    EXPECT_EQ(a.events.acquires, 1);
    EXPECT_EQ(a.counters.tx_packets, 0u);
}

TEST_F(DataPathTest, AnSaIsNeverUsedInBothDirections) {
    install(sa_request());
    a.send(ping);
    const Bytes datagram = receive();
    Bytes copy = datagram;
    a.inbound.receive({copy.data(), copy.size(), loopback, loopback, htons(4500), 0, true});
    EXPECT_EQ(a.drops[Drop::in_state_direction_error], 1u);
}

TEST_F(DataPathTest, HardPacketLimitEndsTheSaOnBothSides) {
    SaRequest sa = sa_request();
    sa.hard_packets = 2;
    install(sa);
    for (int i = 0; i < 3; ++i) a.send(ping);
    EXPECT_EQ(a.drops[Drop::out_state_expired], 1u);
    a.lifecycle.reap();
    EXPECT_EQ(a.events.expires, 1);
    a.send(ping);
    EXPECT_EQ(a.events.acquires, 1);
    arrive(receive());
    arrive(receive());
    EXPECT_EQ(sa_of(b).usage.packets, 2u);
}

TEST_F(DataPathTest, SequenceNumbersDoNotRepeat) {
    install(sa_request());
    sa_of(a).output_sequence = 0xfffffffe;
    a.send(ping);
    a.send(ping);
    EXPECT_EQ(a.drops[Drop::out_state_sequence_error], 1u);
    EXPECT_EQ(load_be32(receive().data() + 4), 0xffffffffu);
    a.lifecycle.reap();
    EXPECT_EQ(a.sad.size(), 0u);
}

TEST_F(DataPathTest, AMovedPeerIsReportedOnceASecond) {
    install(sa_request());
    for (int i = 0; i < 3; ++i) {
        a.send(ping);
        arrive(receive(), htons(5001));
    }
    EXPECT_EQ(b.events.mappings, 1);
    clock.now += 1;
    a.send(ping);
    arrive(receive(), htons(5001));
    EXPECT_EQ(b.events.mappings, 2);
}

/** xfrm_input: the encapsulation of the packet must be the SA's. */
TEST_F(DataPathTest, AnSaTakesOnlyItsOwnEncapsulation) {
    install(sa_request());
    a.send(ping);
    const Bytes datagram = receive();
    arrive(datagram, 0, false);
    EXPECT_EQ(b.drops[Drop::in_state_mismatch], 1u);
    EXPECT_EQ(sa_of(b).usage.packets, 0u);
    arrive(datagram);
    EXPECT_EQ(sa_of(b).usage.packets, 1u);

    sa_of(b).encapsulation = {};
    a.send(ping);
    const Bytes second = receive();
    arrive(second);
    EXPECT_EQ(b.drops[Drop::in_state_mismatch], 2u);
    arrive(second, 0, false);
    EXPECT_EQ(sa_of(b).usage.packets, 2u);
    EXPECT_EQ(b.events.mappings, 0);
}

TEST_F(DataPathTest, AMappingIntervalHoldsUntilTheNextPort) {
    install(sa_request());
    sa_of(b).mapping_interval = 60;
    const auto from = [&](uint16_t port) {
        a.send(ping);
        arrive(receive(), htons(port));
        return b.events.mappings;
    };
    EXPECT_EQ(from(5001), 1);
    clock.now += 59;
    EXPECT_EQ(from(5001), 1);
    EXPECT_EQ(from(5002), 2);
    clock.now += 60;
    EXPECT_EQ(from(5002), 3);
}

TEST_F(DataPathTest, ForgeriesDoNotMoveThePeer) {
    install(sa_request());
    a.send(ping);
    Bytes forged = receive();
    forged[20] = static_cast<uint8_t>(forged[20] ^ 1);
    arrive(forged, htons(5001));
    EXPECT_EQ(b.events.mappings, 0);
}

TEST_F(DataPathTest, MalformedInnerPacketsAreDropped) {
    install(sa_request());
    const auto seal = [&](Bytes inner, uint8_t next_header) {
        static uint64_t sequence = 0;
        SecurityAssociation& sa = sa_of(a);
        Bytes datagram(sa.transform->sealed_length(inner.size()));
        std::copy(inner.begin(), inner.end(), datagram.begin() + static_cast<long>(sa.transform->payload_offset()));
        EXPECT_TRUE(sa.transform->seal(datagram.data(), inner.size(), next_header, sa.id.spi, ++sequence));
        return datagram;
    };
    arrive(seal(ping, IPPROTO_IPV6));
    arrive(seal(Bytes(19, 0x45), IPPROTO_IPIP));
    arrive(seal(ping, IPPROTO_TCP));
    EXPECT_EQ(b.drops[Drop::in_state_mode_error], 3u);
    arrive(seal({}, IPPROTO_NONE));  // a dummy packet is not an error
    Bytes padded = ping;
    padded.resize(ping.size() + 100);  // TFC padding
    arrive(seal(padded, IPPROTO_IPIP));
    EXPECT_EQ(b.drops[Drop::in_state_mode_error], 3u);
    EXPECT_EQ(b.drops[Drop::in_buffer_error], 1u);
}

TEST_F(DataPathTest, LarvalSasTakeNoPackets) {
    install(sa_request());
    a.send(ping);
    sa_of(b).state = SaState::larval;
    arrive(receive());
    EXPECT_EQ(b.drops[Drop::acquire_error], 1u);
}

TEST_F(DataPathTest, UseTimesReachIke) {
    install(sa_request());
    clock.now += 30;
    a.send(ping);
    arrive(receive());
    Policy* out = a.spd.find(Selector(PolicyRequest{}.selector()), XFRM_POLICY_OUT, 17);
    Policy* in = b.spd.find(Selector(PolicyRequest{}.selector()), XFRM_POLICY_IN, 17);
    EXPECT_EQ(out->use_time, clock.now);
    EXPECT_EQ(in->use_time, clock.now);
}

TEST_F(DataPathTest, GarbageFromTheDeviceIsDropped) {
    install(sa_request());
    a.send(Bytes{});
    a.send(Bytes(3, 0x45));
    a.send(Bytes(64, 0x70));
    EXPECT_EQ(a.drops[Drop::out_error], 3u);
}

}  // namespace
}  // namespace uxfrm
