#include <gtest/gtest.h>

#include <random>

#include "ip_change.h"
#include "route_message.h"
#include "words.h"

namespace netnsd {
namespace {

TEST(NetnsdWords, TakesWordsAndQuotedTextFromTheFront) {
    Words words("  link set lo alias \"landbridge-attached:a b\" up ");
    EXPECT_TRUE(words.take_if("link"));
    EXPECT_FALSE(words.take_if("lo"));
    EXPECT_EQ(words.take(), "set");
    EXPECT_EQ(words.peek(), "lo");
    EXPECT_EQ(words.take(), "lo");
    EXPECT_TRUE(words.take_if("alias"));
    EXPECT_EQ(words.take(), "landbridge-attached:a b");
    EXPECT_EQ(words.take(), "up");
    EXPECT_TRUE(words.is_empty());
    EXPECT_THROW(words.take(), RequestError);
}

TEST(NetnsdWords, AnEmptyQuoteIsAWord) {
    Words words("alias \"\"");
    words.take();
    EXPECT_FALSE(words.is_empty());
    EXPECT_EQ(words.take(), "");
}

TEST(NetnsdWords, RefusesWhatIsNoNumber) {
    for (const char* text : {"x", "-1", "4294967296", "1x", "0xg", "\"\""}) EXPECT_THROW(Words(text).take_number(), RequestError) << text;
    EXPECT_EQ(Words("4294967295").take_number(), 4294967295U);
    EXPECT_EQ(Words("0x1f").take_number(), 31U);
    EXPECT_EQ(Words("010").take_number(), 10U);
}

TEST(NetnsdWords, ReadsAddressesOfBothFamilies) {
    EXPECT_EQ(parse_address("10.1.2.0/24").prefix_length, 24);
    EXPECT_EQ(parse_address("10.1.2.3").prefix_length, std::nullopt);
    EXPECT_EQ(parse_address("2001:db8::1/64").size, 16);
    EXPECT_EQ(parse_address("default").prefix_length, 0);
    for (const char* text : {"", "10.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "::1/129", "10.0.0.0/-1"})
        EXPECT_THROW(parse_address(text), RequestError) << text;
    const Address address = parse_address("192.0.2.7");
    EXPECT_EQ(address_text(address.family, address.bytes), "192.0.2.7");
}

TEST(NetnsdWords, ReadsEthernetAddresses) {
    const auto bytes = parse_ethernet_address("02:00:00:00:00:ff");
    EXPECT_EQ(ethernet_text(bytes.data(), bytes.size()), "02:00:00:00:00:ff");
    for (const char* text : {"", "02:00:00:00:00", "02:00:00:00:00:ff:00", "02:00:00:00:00:fg"})
        EXPECT_THROW(parse_ethernet_address(text), RequestError) << text;
}

TEST(NetnsdMessages, WhatIsWrittenIsReadAgain) {
    RouteRequest request(RTM_NEWROUTE, NLM_F_CREATE, rtmsg{});
    request.attribute(RTA_PRIORITY, uint32_t{7});
    const size_t nest = request.begin(RTA_METRICS);
    request.text(1, "inside");
    request.end(nest);
    ByteView bytes = request.finish(5, NLM_F_ACK);
    const auto message = next_message(bytes);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->header.nlmsg_flags, NLM_F_REQUEST | NLM_F_CREATE | NLM_F_ACK);
    EXPECT_EQ(message->header.nlmsg_seq, 5U);
    const Attributes attributes = message->attributes<rtmsg>();
    EXPECT_EQ(attributes.as<uint32_t>(RTA_PRIORITY), 7U);
    EXPECT_EQ(attributes.as<uint64_t>(RTA_PRIORITY), std::nullopt);
    EXPECT_EQ(attributes.nest(RTA_METRICS).text(1), "inside");
    EXPECT_FALSE(attributes.has(RTA_OIF));
    EXPECT_EQ(bytes.size, 0U);
}

/** Under the sanitizers: nothing is read beyond what came. */
TEST(NetnsdMessages, ReadNoByteThatIsNotThere) {
    std::mt19937 random(1);
    for (int round = 0; round < 20000; ++round) {
        std::vector<uint8_t> bytes(random() % 96);
        for (uint8_t& byte : bytes) byte = static_cast<uint8_t>(random() % 24);
        ByteView input{bytes.data(), bytes.size()};
        while (const auto message = next_message(input)) {
            const Attributes attributes = message->attributes<rtmsg>();
            for (uint16_t type = 0; type < 24; ++type) {
                attributes.as<uint32_t>(type);
                attributes.text(type);
                attributes.nest(type).text(1);
            }
        }
    }
}

}  // namespace
}  // namespace netnsd
