#include "echo_message.h"

#include <gtest/gtest.h>
#include <netinet/ip_icmp.h>

#include <random>
#include <vector>

#include "checksum.h"

namespace uxfrm {
namespace {

const ProberMark mark{0x1234, 0xcafe0123};
const EchoMessage message{7, 300, 0x0123456789abcdef};

/** The reply that a peer would send to it. */
std::vector<uint8_t> reply_to(const EchoRequest& request, size_t options = 0) {
    std::vector<uint8_t> packet(20 + options);
    packet[0] = static_cast<uint8_t>(0x45 + options / 4);
    packet[9] = IPPROTO_ICMP;
    packet[12] = 10;
    packet[15] = 9;
    packet.insert(packet.end(), request.begin(), request.end());
    packet[20 + options] = ICMP_ECHOREPLY;
    return packet;
}

TEST(EchoMessage, ComesBackAsItWent) {
    const EchoRequest request = encode_echo_request(mark, message);
    EXPECT_EQ(request[0], ICMP_ECHO);
    EXPECT_EQ(checksum_finish(checksum_sum(request.data(), request.size())), 0);
    for (const size_t options : {0u, 4u, 40u}) {
        const auto packet = reply_to(request, options);
        const auto reply = parse_echo_reply(mark, packet.data(), packet.size(), packet.size());
        ASSERT_TRUE(reply);
        EXPECT_EQ(reply->source.s_addr, htonl(0x0a000009));
        EXPECT_EQ(reply->message.sequence, message.sequence);
        EXPECT_EQ(reply->message.target, message.target);
        EXPECT_EQ(reply->message.token, message.token);
    }
}

TEST(EchoMessage, OfAnotherKindOrMarkIsNone) {
    const auto good = reply_to(encode_echo_request(mark, message));
    const auto parses = [](const std::vector<uint8_t>& packet) { return parse_echo_reply(mark, packet.data(), packet.size(), packet.size()).has_value(); };
    ASSERT_TRUE(parses(good));
    for (size_t length = 0; length < good.size(); ++length) EXPECT_FALSE(parses({good.begin(), good.begin() + static_cast<long>(length)}));
    for (const size_t place : {0u, 9u, 20u, 21u, 24u, 25u, 28u, 31u}) {
        auto other = good;
        other[place] = static_cast<uint8_t>(other[place] ^ 0x18);
        EXPECT_FALSE(parses(other)) << "byte " << place;
    }
}

/** Of a large one the beginning is read. */
TEST(EchoMessage, SaysHowLongItIs) {
    const auto packet = reply_to(encode_echo_request(mark, message), 40);
    const auto reply = parse_echo_reply(mark, packet.data(), packet.size(), 1438);
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->length, 1438u - 60);
    EXPECT_EQ(parse_echo_reply(mark, packet.data(), packet.size(), packet.size())->length, echo_message_length);
    EXPECT_FALSE(parse_echo_reply(mark, packet.data(), packet.size(), packet.size() - 1));
}

TEST(EchoMessage, NoPacketIsReadBeyondItsEnd) {
    std::mt19937 random(20260101);
    for (int i = 0; i < 20000; ++i) {
        std::vector<uint8_t> packet(random() % 90);
        for (uint8_t& byte : packet) byte = static_cast<uint8_t>(random());
        if (!packet.empty()) packet[0] = static_cast<uint8_t>(0x40 | (packet[0] & 0xf));
        parse_echo_reply(mark, packet.data(), packet.size(), packet.size());
    }
}

}  // namespace
}  // namespace uxfrm
