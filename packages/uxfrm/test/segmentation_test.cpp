#include <gtest/gtest.h>

#include <random>

#include "coalescer.h"
#include "packets.h"
#include "segmenter.h"

namespace uxfrm {
namespace {

struct Delivered {
    VirtioHeader header;
    Bytes bytes;
    size_t segments;
};

struct RecordingSink final : PacketSink {
    std::vector<Delivered> packets;

    void deliver(const VirtioHeader& header, const iovec* parts, size_t count, size_t segments) override {
        Bytes bytes;
        for (size_t i = 0; i < count; ++i) {
            const auto* part = static_cast<const uint8_t*>(parts[i].iov_base);
            bytes.insert(bytes.end(), part, part + parts[i].iov_len);
        }
        packets.push_back({header, bytes, segments});
    }
};

InnerPacket parse(const Bytes& packet) { return parse_inner_packet(packet.data(), packet.size()).value(); }

std::vector<Bytes> segment(const VirtioHeader& header, const Bytes& packet) {
    const auto plan = Segmenter::plan(header, packet.data(), parse(packet));
    std::vector<Bytes> segments;
    if (!plan) return segments;
    for (size_t i = 0; i < plan->count(); ++i) {
        Bytes out(plan->length(i));
        plan->write(i, out.data());
        segments.push_back(out);
    }
    return segments;
}

std::vector<Delivered> coalesce(std::vector<Bytes>& packets, bool udp = true) {
    RecordingSink sink;
    Coalescer coalescer(sink);
    coalescer.enable_udp(udp);
    for (Bytes& packet : packets) coalescer.push(packet.data(), parse(packet));
    coalescer.flush();
    return sink.packets;
}

VirtioHeader tso(const Bytes& packet, uint16_t size) {
    VirtioHeader header;
    header.flags = VirtioHeader::needs_checksum;
    header.gso_type = packet[0] >> 4 == 4 ? VirtioHeader::gso_tcp4 : VirtioHeader::gso_tcp6;
    header.gso_size = size;
    header.checksum_start = packet[0] >> 4 == 4 ? 20 : 40;
    header.checksum_offset = 16;
    return header;
}

TEST(Segmenter, CutsTcpAndCompletesHeaders) {
    TcpFields fields;
    fields.sequence = 0xfffffff0;
    fields.flags = 0x99;  // CWR ACK PSH FIN
    const Bytes super = tcp_packet("10.1.0.1", "10.2.0.1", fields, payload_bytes(2500), 0xffff);
    const auto segments = segment(tso(super, 1000), super);
    ASSERT_EQ(segments.size(), 3u);
    Bytes joined;
    for (size_t i = 0; i < 3; ++i) {
        const Bytes& s = segments[i];
        EXPECT_TRUE(checksums_ok(s));
        EXPECT_EQ(s.size(), i < 2 ? 1040u : 540u);
        EXPECT_EQ(load_be16(&s[2]), s.size());
        EXPECT_EQ(load_be16(&s[4]), static_cast<uint16_t>(0xffff + i));
        EXPECT_EQ(load_be32(&s[24]), static_cast<uint32_t>(0xfffffff0 + i * 1000));
        EXPECT_EQ(s[33], i == 0 ? 0x90 : i == 1 ? 0x10 : 0x19);
        joined.insert(joined.end(), s.begin() + 40, s.end());
    }
    EXPECT_EQ(joined, payload_bytes(2500));
}

TEST(Segmenter, CutsUdpOverIpv6) {
    const Bytes super = udp_packet("fd00::1", "fd00::2", payload_bytes(250));
    VirtioHeader header;
    header.gso_type = VirtioHeader::gso_udp;
    header.gso_size = 100;
    const auto segments = segment(header, super);
    ASSERT_EQ(segments.size(), 3u);
    for (const Bytes& s : segments) {
        EXPECT_TRUE(checksums_ok(s));
        EXPECT_EQ(load_be16(&s[4]), s.size() - 40);
        EXPECT_EQ(load_be16(&s[44]), s.size() - 40);
    }
    EXPECT_EQ(segments[2].size(), 40u + 8 + 50);
}

TEST(Segmenter, CompletesAChecksumOnly) {
    const Bytes whole = udp_packet("10.1.0.1", "10.2.0.1", payload_bytes(33));
    Bytes partial = whole;
    const uint16_t pseudo = checksum_fold(pseudo_header_sum(whole.data(), IPPROTO_UDP, 41));
    std::memcpy(&partial[26], &pseudo, 2);
    VirtioHeader header;
    header.flags = VirtioHeader::needs_checksum;
    header.checksum_start = 20;
    header.checksum_offset = 6;
    const auto segments = segment(header, partial);
    ASSERT_EQ(segments.size(), 1u);
    EXPECT_EQ(segments[0], whole);
}

TEST(Segmenter, PassesPlainPackets) {
    const Bytes packet = udp_packet("10.1.0.1", "10.2.0.1", payload_bytes(33));
    EXPECT_EQ(segment({}, packet), std::vector<Bytes>{packet});
}

TEST(Segmenter, RefusesContradictions) {
    const Bytes tcp = tcp_packet("10.1.0.1", "10.2.0.1", {}, payload_bytes(100));
    EXPECT_TRUE(segment(tso(tcp, 0), tcp).empty());
    VirtioHeader wrong_family = tso(tcp, 50);
    wrong_family.gso_type = VirtioHeader::gso_tcp6;
    EXPECT_TRUE(segment(wrong_family, tcp).empty());
    VirtioHeader wrong_protocol = tso(tcp, 50);
    wrong_protocol.gso_type = VirtioHeader::gso_udp;
    EXPECT_TRUE(segment(wrong_protocol, tcp).empty());
    VirtioHeader unknown = tso(tcp, 50);
    unknown.gso_type = 3;
    EXPECT_TRUE(segment(unknown, tcp).empty());
    VirtioHeader outside;
    outside.flags = VirtioHeader::needs_checksum;
    outside.checksum_start = 139;
    EXPECT_TRUE(segment(outside, tcp).empty());
    outside.checksum_start = 0;  // inside the IP header
    EXPECT_TRUE(segment(outside, tcp).empty());
    Bytes short_tcp_header = tcp;
    short_tcp_header[32] = 0x10;
    EXPECT_TRUE(segment(tso(tcp, 50), short_tcp_header).empty());
    short_tcp_header[32] = 0xf0;
    const Bytes tiny(short_tcp_header.begin(), short_tcp_header.begin() + 44);
    Bytes truncated = tiny;
    store_be16(&truncated[2], 44);
    EXPECT_TRUE(segment(tso(tcp, 50), truncated).empty());
}

class SegmentationRoundTrip : public testing::TestWithParam<std::tuple<bool, bool, size_t>> {};

/** segmenter -> coalescer -> segmenter: nothing changes on the wire, and the coalescer finds the super-packet again. */
TEST_P(SegmentationRoundTrip, FindsTheSuperPacketAgain) {
    const auto [v6, tcp, length] = GetParam();
    const std::string source = v6 ? "fd00::1" : "10.1.0.1";
    const std::string destination = v6 ? "fd00::2" : "10.2.0.1";
    TcpFields fields;
    fields.options = from_hex("0101080a0000000100000002");
    const Bytes super = tcp ? tcp_packet(source, destination, fields, payload_bytes(length))
                            : udp_packet(source, destination, payload_bytes(length));
    VirtioHeader header = tso(super, 1000);
    if (!tcp) header.gso_type = VirtioHeader::gso_udp;
    const auto segments = segment(header, super);
    ASSERT_EQ(segments.size(), (length + 999) / 1000);
    auto copies = segments;
    const auto merged = coalesce(copies);
    ASSERT_EQ(merged.size(), 1u);
    EXPECT_EQ(merged[0].segments, segments.size());
    if (segments.size() > 1) {
        EXPECT_EQ(merged[0].header.gso_size, 1000);
        EXPECT_EQ(segment(merged[0].header, merged[0].bytes), segments);
    } else {
        EXPECT_EQ(merged[0].bytes, segments[0]);
    }
}

INSTANTIATE_TEST_SUITE_P(Shapes, SegmentationRoundTrip,
                         testing::Combine(testing::Bool(), testing::Bool(),
                                          testing::Values(size_t{1}, size_t{1000}, size_t{1001}, size_t{30500}, size_t{63000})));

std::vector<Bytes> tcp_stream(size_t count, size_t size) {
    std::vector<Bytes> packets;
    TcpFields fields;
    for (size_t i = 0; i < count; ++i) {
        packets.push_back(tcp_packet("10.1.0.1", "10.2.0.1", fields, payload_bytes(size), static_cast<uint16_t>(i)));
        fields.sequence += static_cast<uint32_t>(size);
    }
    return packets;
}

TEST(Coalescer, StopsAtAGapInTheSequence) {
    auto packets = tcp_stream(4, 100);
    packets.erase(packets.begin() + 2);
    const auto merged = coalesce(packets);
    ASSERT_EQ(merged.size(), 2u);
    EXPECT_EQ(merged[0].segments, 2u);
    EXPECT_EQ(merged[1].segments, 1u);
}

TEST(Coalescer, StopsAfterAShorterSegment) {
    auto packets = tcp_stream(1, 100);
    TcpFields fields;
    fields.sequence = 101;
    packets.push_back(tcp_packet("10.1.0.1", "10.2.0.1", fields, payload_bytes(50), 1));
    fields.sequence = 151;
    packets.push_back(tcp_packet("10.1.0.1", "10.2.0.1", fields, payload_bytes(50), 2));
    const auto merged = coalesce(packets);
    ASSERT_EQ(merged.size(), 2u);
    EXPECT_EQ(merged[0].segments, 2u);
}

TEST(Coalescer, StopsAtPush) {
    auto packets = tcp_stream(2, 100);
    TcpFields fields;
    fields.sequence = 201;
    fields.flags = 0x18;
    packets.push_back(tcp_packet("10.1.0.1", "10.2.0.1", fields, payload_bytes(100), 2));
    fields.sequence = 301;
    packets.push_back(tcp_packet("10.1.0.1", "10.2.0.1", fields, payload_bytes(100), 3));
    const auto merged = coalesce(packets);
    ASSERT_EQ(merged.size(), 2u);
    EXPECT_EQ(merged[0].segments, 3u);
    EXPECT_EQ(merged[0].bytes[33], 0x18);
}

TEST(Coalescer, KeepsTheOrderOfAFlow) {
    auto packets = tcp_stream(2, 100);
    TcpFields fin;
    fin.sequence = 201;
    fin.flags = 0x11;
    packets.push_back(tcp_packet("10.1.0.1", "10.2.0.1", fin, {}, 2));
    const auto merged = coalesce(packets);
    ASSERT_EQ(merged.size(), 2u);
    EXPECT_EQ(merged[0].segments, 2u);
    EXPECT_EQ(merged[1].bytes[33], 0x11);
}

class DifferentField : public testing::TestWithParam<size_t> {};

/** A change in any header byte that the super-packet cannot express keeps the packets apart. */
TEST_P(DifferentField, KeepsPacketsApart) {
    auto packets = tcp_stream(2, 100);
    Bytes& second = packets[1];
    second[GetParam()] = static_cast<uint8_t>(second[GetParam()] ^ 0x04);
    set_ipv4_checksum(second.data(), 20);
    std::memset(&second[36], 0, 2);
    const uint16_t sum = checksum_finish(pseudo_header_sum(second.data(), IPPROTO_TCP, 120) + checksum_sum(&second[20], 120));
    std::memcpy(&second[36], &sum, 2);
    const Bytes expected = second;
    const auto merged = coalesce(packets);
    ASSERT_EQ(merged.size(), 2u);
    EXPECT_EQ(merged[1].bytes, expected);
}

INSTANTIATE_TEST_SUITE_P(Bytes, DifferentField,
                         testing::Values(1u /* TOS */, 5u /* id */, 8u /* TTL */, 15u /* source */, 19u, 21u /* port */, 23u,
                                         27u /* sequence */, 31u /* acknowledgement */, 33u /* flags */, 35u /* window */, 39u));

TEST(Coalescer, DoesNotRepairWrongChecksums) {
    auto packets = tcp_stream(3, 100);
    packets[1][60] = static_cast<uint8_t>(packets[1][60] ^ 1);
    const auto originals = packets;
    const auto merged = coalesce(packets);
    ASSERT_EQ(merged.size(), 3u);
    for (size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(merged[i].bytes, originals[i]);
        EXPECT_EQ(merged[i].header.flags, 0);
    }
}

TEST(Coalescer, LeavesUdpAloneWhenTheDeviceCannotTakeIt) {
    std::vector<Bytes> packets(3, udp_packet("10.1.0.1", "10.2.0.1", payload_bytes(100)));
    EXPECT_EQ(coalesce(packets, false).size(), 3u);
}

TEST(Coalescer, BoundsASuperPacket) {
    auto packets = tcp_stream(100, 1400);
    const auto merged = coalesce(packets);
    size_t segments = 0;
    for (const Delivered& packet : merged) {
        EXPECT_LE(packet.bytes.size(), 65535u);
        segments += packet.segments;
    }
    EXPECT_EQ(segments, 100u);
    auto small = tcp_stream(200, 10);
    for (const Delivered& packet : coalesce(small)) EXPECT_LE(packet.segments, 64u);
}

TEST(Coalescer, ServesMoreFlowsThanItHasSlots) {
    std::vector<Bytes> packets;
    for (int round = 0; round < 3; ++round)
        for (uint16_t flow = 0; flow < 20; ++flow)
            packets.push_back(udp_packet("10.1.0.1", "10.2.0.1", payload_bytes(50, static_cast<uint8_t>(round)),
                                         static_cast<uint16_t>(1 + round), static_cast<uint16_t>(1000 + flow)));
    size_t segments = 0;
    for (const Delivered& packet : coalesce(packets)) segments += packet.segments;
    EXPECT_EQ(segments, 60u);
}

TEST(Coalescer, RandomTrafficComesOutUnchangedAndInOrder) {
    std::mt19937 random(7);
    for (int round = 0; round < 50; ++round) {
        std::vector<Bytes> packets;
        TcpFields fields[3];
        for (int i = 0; i < 60; ++i) {
            const unsigned flow = random() % 3;
            const size_t size = random() % 4 == 0 ? random() % 300 : 300;
            fields[flow].flags = random() % 10 == 0 ? 0x18 : 0x10;
            packets.push_back(tcp_packet("10.1.0." + std::to_string(flow + 1), "10.2.0.1", fields[flow],
                                         payload_bytes(size, static_cast<uint8_t>(i)), static_cast<uint16_t>(i)));
            store_be16(&packets.back()[6], 0x4000);
            set_ipv4_checksum(packets.back().data(), 20);
            fields[flow].sequence += static_cast<uint32_t>(size);
        }
        auto copies = packets;
        std::vector<Bytes> out;
        for (const Delivered& packet : coalesce(copies))
            for (const Bytes& s : packet.segments > 1 ? segment(packet.header, packet.bytes) : std::vector<Bytes>{packet.bytes})
                out.push_back(s);
        ASSERT_EQ(out.size(), packets.size());
        for (uint8_t flow = 1; flow <= 3; ++flow) {
            const auto of_flow = [flow](const std::vector<Bytes>& all) {
                std::vector<Bytes> picked;
                for (Bytes packet : all) {
                    if (packet[15] != flow) continue;
                    std::memset(&packet[4], 0, 2);  // the ID may change: these are atomic datagrams
                    std::memset(&packet[10], 0, 2);
                    picked.push_back(packet);
                }
                return picked;
            };
            ASSERT_EQ(of_flow(out), of_flow(packets));
        }
    }
}

}  // namespace
}  // namespace uxfrm
