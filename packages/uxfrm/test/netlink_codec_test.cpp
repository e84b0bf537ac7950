#include "netlink_codec.h"

#include <gtest/gtest.h>
#include <linux/rtnetlink.h>

#include "hex.h"

namespace uxfrm {
namespace {

Bytes sample() {
    NetlinkBuilder builder(XFRM_MSG_GETSA, 7, 99);
    builder.fixed(uint32_t{0x01020304});
    builder.attribute(XFRMA_IF_ID, uint32_t{17});
    builder.attribute(XFRMA_PROTO, uint8_t{50});
    const ByteView view = builder.finish();
    return Bytes(view.data, view.data + view.size);
}

TEST(NetlinkCodec, ReadsWhatItWrites) {
    const Bytes bytes = sample();
    ByteView input{bytes.data(), bytes.size()};
    auto message = NetlinkMessage::next(input);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->header().nlmsg_type, XFRM_MSG_GETSA);
    EXPECT_EQ(message->header().nlmsg_seq, 7u);
    EXPECT_EQ(message->header().nlmsg_pid, 99u);
    EXPECT_EQ(message->fixed<uint32_t>(), 0x01020304u);
    ASSERT_TRUE(message->read_attributes(4));
    EXPECT_EQ(message->attribute_as<uint32_t>(XFRMA_IF_ID), 17u);
    EXPECT_EQ(message->attribute_as<uint8_t>(XFRMA_PROTO), 50);
    EXPECT_FALSE(message->attribute_as<uint32_t>(XFRMA_PROTO));
    EXPECT_FALSE(message->attribute(XFRMA_ENCAP));
    EXPECT_EQ(input.size, 0u);
    EXPECT_FALSE(NetlinkMessage::next(input));
}

TEST(NetlinkCodec, RefusesEveryCut) {
    const Bytes bytes = sample();
    for (size_t length = 0; length < bytes.size(); ++length) {
        const Bytes cut(bytes.begin(), bytes.begin() + static_cast<long>(length));
        ByteView input{cut.data(), cut.size()};
        EXPECT_FALSE(NetlinkMessage::next(input));
    }
}

TEST(NetlinkCodec, RefusesAttributesThatReachOut) {
    Bytes bytes = sample();
    const size_t attribute = NLMSG_HDRLEN + 4;
    for (const uint16_t length : {uint16_t{0}, uint16_t{3}, uint16_t{200}, uint16_t{0xffff}}) {
        std::memcpy(&bytes[attribute], &length, sizeof(length));
        ByteView input{bytes.data(), bytes.size()};
        auto message = NetlinkMessage::next(input);
        ASSERT_TRUE(message);
        EXPECT_FALSE(message->read_attributes(4));
    }
}

TEST(NetlinkCodec, TheLastOfEqualAttributesCounts) {
    NetlinkBuilder builder(XFRM_MSG_GETSA, 1, 1);
    builder.attribute(XFRMA_IF_ID, uint32_t{1});
    builder.attribute(XFRMA_IF_ID, uint32_t{2});
    ByteView input = builder.finish();
    auto message = NetlinkMessage::next(input);
    ASSERT_TRUE(message && message->read_attributes(0));
    EXPECT_EQ(message->attribute_as<uint32_t>(XFRMA_IF_ID), 2u);
}

TEST(NetlinkCodec, IgnoresUnknownAttributeTypes) {
    NetlinkBuilder builder(XFRM_MSG_GETSA, 1, 1);
    builder.attribute(4000, uint32_t{1});
    ByteView input = builder.finish();
    auto message = NetlinkMessage::next(input);
    ASSERT_TRUE(message);
    EXPECT_TRUE(message->read_attributes(0));
    EXPECT_FALSE(message->attribute(4000));
}

TEST(NetlinkCodec, ReadsSeveralMessages) {
    Bytes bytes = sample() + sample();
    ByteView input{bytes.data(), bytes.size()};
    EXPECT_TRUE(NetlinkMessage::next(input));
    EXPECT_TRUE(NetlinkMessage::next(input));
    EXPECT_FALSE(NetlinkMessage::next(input));
}

}  // namespace
}  // namespace uxfrm
