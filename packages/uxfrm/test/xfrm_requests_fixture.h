#pragma once

#include <gtest/gtest.h>
#include <linux/rtnetlink.h>

#include <deque>

#include "fake_clock.h"
#include "xfrm_messages.h"
#include "xfrm_requests.h"

namespace uxfrm {

/** XfrmRequests alone, with what it answers taken apart. */
class XfrmRequestsTest : public testing::Test {
protected:
    FakeClock clock;
    Sad sad;
    Spd spd;
    std::vector<uint32_t> changed;
    XfrmRequests requests{sad, spd, clock, {0, 0, 0, 0}, [this](uint32_t if_id) { changed.push_back(if_id); }};

    std::vector<Bytes> ask(const Bytes& request, uint64_t session = 1) {
        ByteView input{request.data(), request.size()};
        auto message = NetlinkMessage::next(input);
        EXPECT_TRUE(message);
        std::vector<Bytes> replies;
        for (const auto& reply : requests.handle(*message, session)) {
            const ByteView view = reply->finish();
            replies.emplace_back(view.data, view.data + view.size);
        }
        return replies;
    }

    /** Positive errno of the acknowledgement. */
    int error_of(const Bytes& request, uint64_t session = 1) {
        const auto replies = ask(request, session);
        EXPECT_EQ(replies.size(), 1u);
        const NetlinkMessage reply = parse(replies.at(0));
        EXPECT_EQ(reply.header().nlmsg_type, NLMSG_ERROR);
        EXPECT_EQ(reply.header().nlmsg_seq, parse(request).header().nlmsg_seq);
        return -reply.fixed<nlmsgerr>().value().error;
    }

    /** Messages point into their bytes, so these are kept. */
    NetlinkMessage parse(const Bytes& bytes) {
        const Bytes& kept = kept_.emplace_back(bytes);
        ByteView input{kept.data(), kept.size()};
        return NetlinkMessage::next(input).value();
    }
    std::deque<Bytes> kept_;

    Bytes allocate(uint32_t min, uint32_t max) {
        xfrm_userspi_info info{};
        info.info.id.daddr = address("192.0.2.1").to_xfrm();
        info.info.saddr = address("192.0.2.2").to_xfrm();
        info.info.id.proto = IPPROTO_ESP;
        info.info.family = AF_INET;
        info.info.mode = XFRM_MODE_TUNNEL;
        info.min = min;
        info.max = max;
        NetlinkBuilder builder(XFRM_MSG_ALLOCSPI, 200, 1);
        builder.fixed(info);
        return to_bytes(builder, NLM_F_REQUEST);
    }
};

namespace attributes {
/** `request` with one more attribute behind it. */
inline Bytes with(Bytes request, uint16_t type, const Bytes& value) {
    rtattr header{};
    header.rta_type = type;
    header.rta_len = static_cast<uint16_t>(RTA_LENGTH(value.size()));
    const auto* bytes = reinterpret_cast<const uint8_t*>(&header);
    request.insert(request.end(), bytes, bytes + sizeof(header));
    request.insert(request.end(), value.begin(), value.end());
    request.resize(NLMSG_ALIGN(request.size()));
    const auto length = static_cast<uint32_t>(request.size());
    std::memcpy(request.data(), &length, sizeof(length));
    return request;
}
}  // namespace attributes

}  // namespace uxfrm
