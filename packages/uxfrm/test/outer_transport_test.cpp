#include <gtest/gtest.h>
#include <poll.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "outer_receiver.h"
#include "outer_sender.h"
#include "outer_sockets.h"
#include "packets.h"
#include "private_network.h"

namespace uxfrm {
namespace {

/** The real sockets of each transport, talking to themselves over the loopback. */
class OuterTransportTest : public testing::TestWithParam<OuterTransport> {
protected:
    void SetUp() override {
        if (!network) GTEST_SKIP() << "needs root";
        sockets = std::make_unique<OuterSockets>();
        sender = std::make_unique<OuterSender>(sockets->esp_sockets(), drops);
        receiver = std::make_unique<OuterReceiver>(sockets->esp_sockets());
    }

    OuterRoute route(uint8_t tos = 0, bool dont_fragment = false) const {
        OuterRoute route;
        route.source = address(is_ipv6(GetParam()) ? "::1" : "127.0.0.1");
        route.destination = route.source;
        route.destination_port = is_udp(GetParam()) ? htons(4500) : uint16_t{0};
        route.transport = GetParam();
        route.tos = tos;
        route.dont_fragment = dont_fragment && !is_ipv6(GetParam());
        return route;
    }

    void send(const OuterRoute& to, const Bytes& packet) { std::memcpy(sender->append(to, packet.size()), packet.data(), packet.size()); }

    static bool readable(int socket, int milliseconds) {
        pollfd wait{socket, POLLIN, 0};
        return poll(&wait, 1, milliseconds) == 1;
    }

    std::vector<OuterDatagram> receive() {
        std::vector<OuterDatagram> datagrams;
        if (readable(sockets->esp_sockets()[index_of(GetParam())], 2000)) receiver->receive(GetParam(), datagrams);
        return datagrams;
    }

    /** A counter of /proc/net/snmp6 or, for IPv4, of the Ip lines of /proc/net/snmp. */
    long counter(const std::string& name) const {
        if (is_ipv6(GetParam())) {
            std::ifstream file("/proc/thread-self/net/snmp6");
            std::string key;
            long value = 0;
            while (file >> key >> value)
                if (key == "Ip6" + name) return value;
            return -1;
        }
        std::ifstream file("/proc/thread-self/net/snmp");
        std::string names, values;
        std::getline(file, names);
        std::getline(file, values);
        std::istringstream key_stream(names), value_stream(values);
        std::string key, value;
        while (key_stream >> key && value_stream >> value)
            if (key == name) return std::stol(value);
        return -1;
    }

    static Bytes packet(size_t length) {
        Bytes bytes = payload_bytes(length);
        store_be32(bytes.data(), 0xc1234567);
        return bytes;
    }

    PrivateNetwork network;
    DropCounters drops;
    std::unique_ptr<OuterSockets> sockets;
    std::unique_ptr<OuterSender> sender;
    std::unique_ptr<OuterReceiver> receiver;
};

TEST_P(OuterTransportTest, CarriesPacketsAddressesAndTrafficClass) {
    for (const size_t length : {60u, 60u, 40u, 1000u}) send(route(0xb8), packet(length));
    sender->flush();
    std::vector<size_t> lengths;
    for (int i = 0; i < 4 && lengths.size() < 4; ++i) {
        for (const OuterDatagram& datagram : receive()) {
            lengths.push_back(datagram.length);
            EXPECT_EQ(load_be32(datagram.data), 0xc1234567u);
            EXPECT_EQ(datagram.source, route().source);
            EXPECT_EQ(datagram.destination, route().destination);
            EXPECT_EQ(datagram.tos, 0xb8);
            EXPECT_EQ(datagram.in_udp, is_udp(GetParam()));
            EXPECT_EQ(datagram.source_port, is_udp(GetParam()) ? htons(4500) : 0);
        }
    }
    EXPECT_EQ(lengths, (std::vector<size_t>{60, 60, 40, 1000}));
    EXPECT_EQ(drops[Drop::out_error], 0u);
}

/** RFC 3948 section 2.2 and 2.3: IKE and keepalives are not ours. */
TEST_P(OuterTransportTest, IkeOnThePortGoesToIke) {
    if (!is_udp(GetParam())) GTEST_SKIP() << "no IKE in plain ESP";
    Bytes ike = packet(100);
    store_be32(ike.data(), 0);
    send(route(), ike);
    send(route(), Bytes{0xff});
    sender->flush();
    const int socket = sockets->ike_socket(family_of(GetParam()));
    for (const ssize_t length : {100, 1}) {
        ASSERT_TRUE(readable(socket, 2000));
        Bytes buffer(200);
        EXPECT_EQ(recv(socket, buffer.data(), buffer.size(), 0), length);
    }
    EXPECT_FALSE(readable(sockets->esp_sockets()[index_of(GetParam())], 0));
}

/** The kernel makes outer fragments of what does not fit, and puts fragments together before we see them. */
TEST_P(OuterTransportTest, FragmentsAreMadeAndReassembledByTheKernel) {
    network.set_loopback_mtu(1500);
    const long made = counter("FragCreates"), reassembled = counter("ReasmOKs");
    send(route(), packet(4000));
    sender->flush();
    const auto datagrams = receive();
    ASSERT_EQ(datagrams.size(), 1u);
    EXPECT_EQ(Bytes(datagrams[0].data, datagrams[0].data + datagrams[0].length), packet(4000));
    EXPECT_GE(counter("FragCreates") - made, 3);
    EXPECT_EQ(counter("ReasmOKs") - reassembled, 1);
}

/** IPv4 with "don't fragment": what does not fit is refused and reported, and what fits still goes, in any mixture. */
TEST_P(OuterTransportTest, DontFragmentIsKept) {
    if (is_ipv6(GetParam())) GTEST_SKIP() << "IPv6 has no such bit";
    network.set_loopback_mtu(1500);
    int trouble = 0;
    sender->on_path_trouble([&](const IpAddress& destination) {
        EXPECT_EQ(destination, route().destination);
        ++trouble;
    });
    const long made = counter("FragCreates");
    send(route(0, true), packet(1400));
    send(route(0, true), packet(3000));
    send(route(0, false), packet(1401));
    send(route(0, true), packet(1402));
    sender->flush();
    std::vector<size_t> lengths;
    for (int i = 0; i < 3 && lengths.size() < 3; ++i)
        for (const OuterDatagram& datagram : receive()) lengths.push_back(datagram.length);
    std::sort(lengths.begin(), lengths.end());  // order is kept within a route, and these are two
    EXPECT_EQ(lengths, (std::vector<size_t>{1400, 1401, 1402}));
    EXPECT_EQ(trouble, 1);
    EXPECT_EQ(drops[Drop::out_error], 1u);
    EXPECT_EQ(counter("FragCreates"), made);
}

/** Segments longer than the path takes: the kernel refuses UDP_SEGMENT; every packet must arrive all the same, in order. */
TEST_P(OuterTransportTest, RunsOfPacketsTooLargeForThePathArrive) {
    network.set_loopback_mtu(1500);
    for (const size_t length : {2000u, 2000u, 2000u, 500u}) send(route(), packet(length));
    sender->flush();
    std::vector<size_t> lengths;
    for (int i = 0; i < 4 && lengths.size() < 4; ++i)
        for (const OuterDatagram& datagram : receive()) lengths.push_back(datagram.length);
    EXPECT_EQ(lengths, (std::vector<size_t>{2000, 2000, 2000, 500}));
}

TEST(OuterSockets, HandOutNothingTwice) {
    const PrivateNetwork network;
    if (!network) GTEST_SKIP() << "needs root";
    const OuterSockets first;
    const OuterDescriptors esp = first.esp_sockets();
    for (const OuterTransport transport : outer_transports) EXPECT_GE(esp[index_of(transport)], 0);
    EXPECT_NE(first.ike_socket(AF_INET), first.ike_socket(AF_INET6));
}

/** Several workers: packets of one peer stay together and in order, and peers are spread. */
class SharedPortTest : public testing::TestWithParam<OuterTransport> {
protected:
    static constexpr size_t workers = 4;

    void SetUp() override {
        if (!network) GTEST_SKIP() << "needs root";
        sockets = std::make_unique<OuterSockets>(workers);
    }

    /** Which worker gets the packet; all of them are asked, so that a copy too many would show. */
    std::vector<size_t> receivers() const {
        std::vector<pollfd> waits;
        for (size_t worker = 0; worker < workers; ++worker)
            waits.push_back({sockets->esp_sockets(worker)[index_of(GetParam())], POLLIN, 0});
        EXPECT_GT(poll(waits.data(), waits.size(), 2000), 0);
        std::vector<size_t> found;
        for (size_t worker = 0; worker < workers; ++worker) {
            Bytes buffer(2000);
            while (recv(waits[worker].fd, buffer.data(), buffer.size(), MSG_DONTWAIT) > 0) found.push_back(worker);
        }
        return found;
    }

    FileDescriptor peer(uint16_t port) const {
        const bool udp = is_udp(GetParam());
        FileDescriptor fd(socket(family_of(GetParam()), udp ? SOCK_DGRAM : SOCK_RAW, udp ? IPPROTO_UDP : IPPROTO_ESP));
        SocketAddress local(here(), udp ? htons(port) : uint16_t{0});
        EXPECT_EQ(bind(fd.get(), local.get(), local.length()), 0);
        return fd;
    }

    IpAddress here() const { return address(is_ipv6(GetParam()) ? "::1" : "127.0.0.1"); }

    void send(const FileDescriptor& from, uint32_t spi) const {
        Bytes packet = payload_bytes(100);
        store_be32(packet.data(), spi);
        SocketAddress to(here(), is_udp(GetParam()) ? htons(4500) : uint16_t{0});
        EXPECT_EQ(sendto(from.get(), packet.data(), packet.size(), 0, to.get(), to.length()), static_cast<ssize_t>(packet.size()));
    }

    PrivateNetwork network;
    std::unique_ptr<OuterSockets> sockets;
};

TEST_P(SharedPortTest, SpreadsPeersAndKeepsEachTogether) {
    const bool udp = is_udp(GetParam());
    std::set<size_t> used;
    for (uint16_t number = 0; number < 32; ++number) {
        const FileDescriptor from = peer(static_cast<uint16_t>(20000 + number));
        const uint32_t spi = 0xc1000000u + number;
        for (int i = 0; i < 3; ++i) send(from, udp ? spi + static_cast<uint32_t>(i) * 7 : spi);
        const std::vector<size_t> got = receivers();
        ASSERT_EQ(got.size(), 3u);
        EXPECT_EQ(std::set<size_t>(got.begin(), got.end()).size(), 1u);
        used.insert(got.front());
    }
    EXPECT_EQ(used.size(), workers);
}

TEST_P(SharedPortTest, LeavesIkeToIke) {
    if (!is_udp(GetParam())) GTEST_SKIP() << "no IKE in plain ESP";
    const FileDescriptor from = peer(20000);
    send(from, 0);
    pollfd wait{sockets->ike_socket(family_of(GetParam())), POLLIN, 0};
    EXPECT_EQ(poll(&wait, 1, 2000), 1);
}

INSTANTIATE_TEST_SUITE_P(All, SharedPortTest, testing::ValuesIn(outer_transports), [](const auto& info) {
    return std::string(is_udp(info.param) ? "udp" : "esp") + (is_ipv6(info.param) ? "6" : "4");
});

TEST(RawIpv4Header, IsMeasured) {
    const Bytes packet = udp_packet("10.1.0.1", "10.2.0.1", payload_bytes(5));
    EXPECT_EQ(raw_ipv4_header_length(packet.data(), packet.size()), 20u);
    Bytes with_options = packet;
    with_options[0] = 0x47;
    EXPECT_EQ(raw_ipv4_header_length(with_options.data(), with_options.size()), 28u);
    EXPECT_EQ(raw_ipv4_header_length(with_options.data(), 27), 0u);
    for (const int first : {0x44, 0x60, 0x00}) {
        with_options[0] = static_cast<uint8_t>(first);
        EXPECT_EQ(raw_ipv4_header_length(with_options.data(), with_options.size()), 0u);
    }
    EXPECT_EQ(raw_ipv4_header_length(packet.data(), 19), 0u);
}

INSTANTIATE_TEST_SUITE_P(All, OuterTransportTest, testing::ValuesIn(outer_transports), [](const auto& info) {
    return std::string(is_udp(info.param) ? "udp" : "esp") + (is_ipv6(info.param) ? "6" : "4");
});

}  // namespace
}  // namespace uxfrm
