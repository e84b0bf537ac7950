#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/udp.h>
#include <poll.h>

#include <cstring>

#include "file_descriptor.h"
#include "hex.h"
#include "outer_receiver.h"
#include "outer_sender.h"
#include "packets.h"

namespace uxfrm {
namespace {

/** A UDP socket on the loopback with the options of the ESP socket. */
class LoopbackSocket {
public:
    LoopbackSocket() : fd(socket(AF_INET, SOCK_DGRAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
        socklen_t length = sizeof(address);
        getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &length);
        port = address.sin_port;
        const int on = 1;
        setsockopt(fd.get(), SOL_IP, IP_PKTINFO, &on, sizeof(on));
        setsockopt(fd.get(), SOL_IP, IP_RECVTOS, &on, sizeof(on));
        setsockopt(fd.get(), SOL_UDP, UDP_GRO, &on, sizeof(on));
    }

    OuterRoute route(uint8_t tos = 0) const {
        OuterRoute route;
        route.source = route.destination = address("127.0.0.1");
        route.destination_port = port;
        route.tos = tos;
        return route;
    }

    FileDescriptor fd;
    uint16_t port = 0;
};

class OuterSocketTest : public testing::Test {
protected:
    LoopbackSocket here;
    LoopbackSocket there;
    DropCounters drops;
    OuterSender sender{{here.fd.get(), -1, -1, -1}, drops};
    OuterReceiver receiver{{there.fd.get(), -1, -1, -1}};

    void send(const OuterRoute& route, size_t length, uint8_t fill) { std::memset(sender.append(route, length), fill, length); }

    std::vector<OuterDatagram> receive(size_t count) {
        std::vector<OuterDatagram> datagrams;
        pollfd wait{there.fd.get(), POLLIN, 0};
        if (poll(&wait, 1, 2000) == 1) receiver.receive(OuterTransport::udp4, datagrams);
        EXPECT_EQ(datagrams.size(), count);
        return datagrams;
    }
};

TEST_F(OuterSocketTest, RunsArriveDatagramByDatagram) {
    for (uint8_t i = 0; i < 10; ++i) send(there.route(), 100, i);
    send(there.route(), 40, 10);
    sender.flush();
    const auto datagrams = receive(11);
    for (size_t i = 0; i < datagrams.size(); ++i) {
        EXPECT_EQ(datagrams[i].length, i < 10 ? 100u : 40u);
        EXPECT_EQ(datagrams[i].data[0], i);
        EXPECT_EQ(datagrams[i].source_port, here.port);
        EXPECT_EQ(datagrams[i].source, address("127.0.0.1"));
        EXPECT_EQ(datagrams[i].destination, address("127.0.0.1"));
    }
}

TEST_F(OuterSocketTest, OrderOfARouteIsKeptAcrossSizes) {
    const std::vector<size_t> sizes = {100, 100, 60, 100, 200, 200, 10};
    for (size_t i = 0; i < sizes.size(); ++i) send(there.route(), sizes[i], static_cast<uint8_t>(i));
    sender.flush();
    const auto datagrams = receive(sizes.size());
    for (size_t i = 0; i < datagrams.size(); ++i) {
        EXPECT_EQ(datagrams[i].length, sizes[i]);
        EXPECT_EQ(datagrams[i].data[0], i);
    }
}

TEST_F(OuterSocketTest, TosIsCarried) {
    send(there.route(0xb8), 100, 1);
    sender.flush();
    const auto datagrams = receive(1);
    ASSERT_EQ(datagrams.size(), 1u);
    EXPECT_EQ(datagrams[0].tos, 0xb8);
}

TEST_F(OuterSocketTest, RetractedDatagramsAreNotSent) {
    send(there.route(), 100, 1);
    sender.append(there.route(), 100);
    sender.retract();
    sender.append(there.route(9), 100);
    sender.retract();
    send(there.route(), 100, 2);
    sender.flush();
    const auto datagrams = receive(2);
    ASSERT_EQ(datagrams.size(), 2u);
    EXPECT_EQ(datagrams[1].data[0], 2);
}

TEST_F(OuterSocketTest, MoreRunsThanBuffersAreSentInBetween) {
    for (uint8_t i = 0; i < 40; ++i) send(there.route(static_cast<uint8_t>(i * 4)), 100, i);
    sender.flush();
    size_t received = 0;
    std::vector<OuterDatagram> datagrams;
    while (receiver.receive(OuterTransport::udp4, datagrams)) received = datagrams.size();
    EXPECT_EQ(received, 40u);
}

/** Segments longer than the MTU: the kernel refuses UDP_SEGMENT, every datagram must arrive all the same. */
TEST_F(OuterSocketTest, FallsBackToSingleDatagrams) {
    int trouble = 0;
    sender.on_path_trouble([&](const IpAddress&) { ++trouble; });
    OuterRoute unroutable = there.route();
    unroutable.destination_port = 0;  // EINVAL for the run and for each datagram
    for (uint8_t i = 0; i < 3; ++i) send(unroutable, 100, i);
    for (uint8_t i = 0; i < 3; ++i) send(there.route(), 100, i);
    sender.flush();
    receive(3);
    EXPECT_EQ(trouble, 1);
    EXPECT_EQ(drops[Drop::out_error], 3u);
}

}  // namespace
}  // namespace uxfrm
