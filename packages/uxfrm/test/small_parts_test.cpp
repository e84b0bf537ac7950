#include <gtest/gtest.h>

#include "checksum.h"
#include "inner_packet.h"
#include "ip_address.h"
#include "packets.h"
#include "tun_device.h"
#include "traffic_class.h"

namespace uxfrm {
namespace {

/** RFC 1071 section 3. */
TEST(Checksum, Rfc1071Example) {
    const Bytes data = from_hex("0001f203f4f5f6f7");
    EXPECT_EQ(checksum_fold(checksum_sum(data.data(), data.size())), htons(0xddf2));
}

TEST(Checksum, OddLengthsArePaddedWithZero) {
    for (size_t length = 1; length < 40; ++length) {
        Bytes data = payload_bytes(length, 3);
        const uint16_t sum = checksum_fold(checksum_sum(data.data(), length));
        data.resize(length + 4 - length % 4 % 4);
        EXPECT_EQ(sum, checksum_fold(checksum_sum(data.data(), data.size())));
    }
}

TEST(Checksum, SumsOfLongDataDoNotOverflow) {
    const Bytes data(65534, 0xff);
    EXPECT_EQ(checksum_fold(checksum_sum(data.data(), data.size())), 0xffff);
}

TEST(IpAddress, Prints) {
    EXPECT_EQ(address("192.0.2.1").text(), "192.0.2.1");
    EXPECT_EQ(address("2001:db8::1").text(), "2001:db8::1");
    EXPECT_EQ(IpAddress{}.text(), "unspecified");
}

TEST(IpAddress, ComparesPrefixes) {
    EXPECT_TRUE(prefix_equal(address("10.1.2.3"), address("10.1.2.200"), 24));
    EXPECT_FALSE(prefix_equal(address("10.1.2.3"), address("10.1.3.3"), 24));
    EXPECT_TRUE(prefix_equal(address("10.1.2.3"), address("10.1.3.3"), 23));
    EXPECT_TRUE(prefix_equal(address("1.2.3.4"), address("200.2.3.4"), 0));
    EXPECT_FALSE(prefix_equal(address("2001:db8::1"), address("2001:db8::2"), 128));
    EXPECT_TRUE(prefix_equal(address("2001:db8::1"), address("2001:db8::2"), 126));
}

TEST(InnerPacket, ReadsIpv4) {
    const Bytes bytes = udp_packet("10.1.0.1", "10.2.0.1", payload_bytes(5));
    const auto packet = parse_inner_packet(bytes.data(), bytes.size());
    ASSERT_TRUE(packet);
    EXPECT_EQ(packet->version, 4);
    EXPECT_EQ(packet->protocol, IPPROTO_UDP);
    EXPECT_EQ(packet->source_port, 5000);
    EXPECT_EQ(packet->destination_port, 53);
    EXPECT_EQ(packet->transport_offset, 20u);
    EXPECT_EQ(packet->length, bytes.size());
}

TEST(InnerPacket, StripsTrafficFlowPadding) {
    Bytes bytes = udp_packet("fd00::1", "fd00::2", payload_bytes(5));
    const size_t length = bytes.size();
    bytes.resize(length + 77);
    EXPECT_EQ(parse_inner_packet(bytes.data(), bytes.size())->length, length);
}

TEST(InnerPacket, RefusesEveryCut) {
    for (const char* prefix : {"10.1.0.", "fd00::"}) {
        const Bytes bytes = udp_packet(std::string(prefix) + "1", std::string(prefix) + "2", payload_bytes(5));
        for (size_t length = 0; length < bytes.size(); ++length) {
            const Bytes cut(bytes.begin(), bytes.begin() + static_cast<long>(length));
            EXPECT_FALSE(parse_inner_packet(cut.data(), cut.size()));
        }
    }
}

TEST(InnerPacket, WalksExtensionHeaders) {
    Bytes bytes = udp_packet("fd00::1", "fd00::2", payload_bytes(5));
    bytes[6] = IPPROTO_HOPOPTS;
    const Bytes options = from_hex("3c01010400000000") + Bytes(8) + from_hex("1100010400000000");
    bytes.insert(bytes.begin() + 40, options.begin(), options.end());
    store_be16(&bytes[4], static_cast<uint16_t>(bytes.size() - 40));
    const auto packet = parse_inner_packet(bytes.data(), bytes.size());
    ASSERT_TRUE(packet);
    EXPECT_EQ(packet->protocol, IPPROTO_UDP);
    EXPECT_EQ(packet->transport_offset, 64u);
    EXPECT_EQ(packet->destination_port, 53);
}

TEST(InnerPacket, FragmentsHaveNoPorts) {
    Bytes bytes = udp_packet("10.1.0.1", "10.2.0.1", payload_bytes(5));
    store_be16(&bytes[6], 0x2000);
    const auto packet = parse_inner_packet(bytes.data(), bytes.size());
    ASSERT_TRUE(packet);
    EXPECT_TRUE(packet->fragment);
    EXPECT_EQ(packet->source_port, 0);
}

TEST(TrafficClass, DscpAndEcnFollowTheFlags) {
    SecurityAssociation sa;
    EXPECT_EQ(outer_tos(sa, 0xb9), 0xb9);
    sa.flags = XFRM_STATE_NOECN;
    EXPECT_EQ(outer_tos(sa, 0xb9), 0xb8);
    sa.extra_flags = XFRM_SA_XFLAG_DONT_ENCAP_DSCP;
    EXPECT_EQ(outer_tos(sa, 0xb9), 0x00);
}

TEST(TrafficClass, CongestionMarksReachTheInnerHeader) {
    SecurityAssociation sa;
    for (const auto& [inner_tos, outer, expected] : std::vector<std::tuple<int, int, int>>{
             {0x02, 0x03, 0x03}, {0x00, 0x03, 0x00}, {0x02, 0xb8, 0x02}, {0x01, 0x02, 0x01}}) {
        for (const bool v6 : {false, true}) {
            Bytes bytes = tcp_packet(v6 ? "fd00::1" : "10.1.0.1", v6 ? "fd00::2" : "10.2.0.1", {}, {}, 1,
                                     static_cast<uint8_t>(inner_tos));
            const auto inner = parse_inner_packet(bytes.data(), bytes.size());
            ASSERT_EQ(inner->tos, inner_tos);
            apply_outer_tos(sa, static_cast<uint8_t>(outer), bytes.data(), *inner);
            EXPECT_EQ(parse_inner_packet(bytes.data(), bytes.size())->tos, expected);
            EXPECT_TRUE(checksums_ok(bytes));
        }
    }
}

TEST(TrafficClass, DscpIsDecapsulatedOnlyWhenAsked) {
    SecurityAssociation sa;
    sa.flags = XFRM_STATE_DECAP_DSCP;
    Bytes bytes = tcp_packet("10.1.0.1", "10.2.0.1", {}, {}, 1, 0x02);
    apply_outer_tos(sa, 0xb8, bytes.data(), *parse_inner_packet(bytes.data(), bytes.size()));
    EXPECT_EQ(bytes[1], 0xba);
}

TEST(DeviceName, IsChecked) {
    EXPECT_TRUE(valid_device_name("vpnx-8h2k1m3q"));
    for (const char* name : {"", ".", "..", "a/b", "a b", "0123456789abcdef", "tun%d", "a:b"})
        EXPECT_FALSE(valid_device_name(name)) << name;
}

TEST(SpiText, IsBigEndian) { EXPECT_EQ(spi_text(htonl(0xc1234567)), "c1234567"); }

}  // namespace
}  // namespace uxfrm
