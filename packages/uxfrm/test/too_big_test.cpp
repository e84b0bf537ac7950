#include "too_big.h"

#include <gtest/gtest.h>

#include "packets.h"
#include "path_watch.h"

namespace uxfrm {
namespace {

TooBigReply reply_to(const Bytes& packet, size_t mtu) {
    return {packet.data(), *parse_inner_packet(packet.data(), packet.size()), mtu};
}

Bytes bytes_of(const TooBigReply& reply) { return {reply.bytes().data, reply.bytes().data + reply.bytes().size}; }

TEST(TooBigReply, TellsAnIpv4SenderTheNextHopMtu) {
    const Bytes packet = udp_packet("10.1.0.1", "10.2.0.1", payload_bytes(1400));
    const Bytes reply = bytes_of(reply_to(packet, 1338));
    const auto parsed = parse_inner_packet(reply.data(), reply.size());
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->source, address("10.2.0.1"));
    EXPECT_EQ(parsed->destination, address("10.1.0.1"));
    EXPECT_EQ(reply.size(), 576u);
    EXPECT_EQ(reply[20], 3);
    EXPECT_EQ(reply[21], 4);
    EXPECT_EQ(load_be16(&reply[26]), 1338);
    EXPECT_EQ(checksum_finish(checksum_sum(reply.data(), 20)), 0);
    EXPECT_EQ(checksum_finish(checksum_sum(reply.data() + 20, reply.size() - 20)), 0);
    EXPECT_TRUE(std::equal(reply.begin() + 28, reply.end(), packet.begin()));
}

TEST(TooBigReply, TellsAnIpv6SenderAtLeastTheMinimum) {
    const Bytes packet = udp_packet("fd01::1", "fd02::1", payload_bytes(1400));
    for (const auto& [mtu, told] : {std::pair<size_t, uint32_t>{1318, 1318}, {1200, 1280}}) {
        const Bytes reply = bytes_of(reply_to(packet, mtu));
        EXPECT_EQ(reply.size(), 1280u);
        EXPECT_EQ(parse_inner_packet(reply.data(), reply.size())->destination, address("fd01::1"));
        EXPECT_EQ(reply[40], 2);
        EXPECT_EQ(load_be32(&reply[44]), told);
        EXPECT_TRUE(std::equal(reply.begin() + 48, reply.end(), packet.begin()));
        EXPECT_EQ(checksum_finish(pseudo_header_sum(reply.data(), IPPROTO_ICMPV6, 1240) + checksum_sum(reply.data() + 40, 1240)), 0);
    }
}

TEST(TooBigReply, IsSilentWhereIcmpMustBe) {
    EXPECT_FALSE(reply_to(udp_packet("10.1.0.1", "224.0.0.5", payload_bytes(1400)), 1300).bytes());
    EXPECT_FALSE(reply_to(udp_packet("0.0.0.0", "10.2.0.1", payload_bytes(1400)), 1300).bytes());
    EXPECT_FALSE(reply_to(udp_packet("fd01::1", "ff02::1", payload_bytes(1400)), 1300).bytes());
    Bytes fragment = udp_packet("10.1.0.1", "10.2.0.1", payload_bytes(1400));
    fragment[7] = 1;
    EXPECT_FALSE(reply_to(fragment, 1300).bytes());
    fragment[6] = 0x20, fragment[7] = 0;  // a first fragment has the ports
    EXPECT_TRUE(reply_to(fragment, 1300).bytes());
    const Bytes error = bytes_of(reply_to(udp_packet("10.1.0.1", "10.2.0.1", payload_bytes(1400)), 1300));
    EXPECT_FALSE(reply_to(error, 100).bytes());
    const Bytes error6 = bytes_of(reply_to(udp_packet("fd01::1", "fd02::1", payload_bytes(1400)), 1300));
    EXPECT_FALSE(reply_to(error6, 100).bytes());
}

/** The kernel's ICMP about packets of ours has the same shape as the one we make. */
TEST(PathWatch, ReadsWhomAMessageIsAbout) {
    const auto about = [](Bytes outer, uint16_t family) {
        const Bytes reply = bytes_of(reply_to(outer, 1400));
        const size_t skipped = family == AF_INET6 ? 40 : 0;
        return too_big_destination(family, {reply.data() + skipped, reply.size() - skipped});
    };
    Bytes udp = udp_packet("192.0.2.1", "192.0.2.2", payload_bytes(1400), 1, 4500);
    EXPECT_EQ(about(udp, AF_INET), address("192.0.2.2"));
    EXPECT_EQ(about(udp_packet("192.0.2.1", "192.0.2.2", payload_bytes(1400), 1, 4501), AF_INET), std::nullopt);
    udp[9] = IPPROTO_ESP;
    EXPECT_EQ(about(udp, AF_INET), address("192.0.2.2"));
    udp[9] = IPPROTO_TCP;
    EXPECT_EQ(about(udp, AF_INET), std::nullopt);
    Bytes udp6 = udp_packet("2001:db8::1", "2001:db8::2", payload_bytes(1400), 1, 4500);
    EXPECT_EQ(about(udp6, AF_INET6), address("2001:db8::2"));
    udp6[6] = IPPROTO_ESP;
    EXPECT_EQ(about(udp6, AF_INET6), address("2001:db8::2"));
    udp6[6] = IPPROTO_TCP;
    EXPECT_EQ(about(udp6, AF_INET6), std::nullopt);
}

TEST(PathWatch, IgnoresOtherMessagesAndCutOnes) {
    Bytes reply = bytes_of(reply_to(udp_packet("192.0.2.1", "192.0.2.2", payload_bytes(1400), 1, 4500), 1400));
    for (size_t length = 0; length < 20 + 8 + 20 + 2; ++length) {
        const Bytes cut(reply.begin(), reply.begin() + static_cast<long>(length));
        EXPECT_EQ(too_big_destination(AF_INET, {cut.data(), cut.size()}), std::nullopt);
    }
    reply[21] = 3;  // port unreachable
    EXPECT_EQ(too_big_destination(AF_INET, {reply.data(), reply.size()}), std::nullopt);
}

}  // namespace
}  // namespace uxfrm
