#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <chrono>
#include <map>
#include <thread>

#include "control_queue.h"
#include "database_lock.h"
#include "fake_clock.h"
#include "inbound.h"
#include "outbound.h"
#include "worker.h"
#include "xfrm_messages.h"
#include "xfrm_requests.h"

// What several threads do at once. Worth most under the thread sanitizer: make -C packages/uxfrm threads.

namespace uxfrm {
namespace {

constexpr size_t worker_count = 4;

struct CountedEvents final : XfrmEvents {
    std::atomic<int> acquires = 0, expires = 0, mappings = 0;
    void acquire(const Policy&, const InnerPacket&) override { ++acquires; }
    void expire(const SecurityAssociation&, const LifetimeUsage&, bool) override { ++expires; }
    void mapping(const SecurityAssociation&, const IpAddress&, uint16_t) override { ++mappings; }
};

void in_parallel(const std::function<void(size_t number)>& work) {
    std::vector<std::thread> threads;
    for (size_t number = 0; number < worker_count; ++number) threads.emplace_back(work, number);
    for (std::thread& thread : threads) thread.join();
}

/** The databases of one end, and requests as the control thread handles them. */
class WorkersTest : public testing::Test {
protected:
    int ask(const Bytes& request) {
        const std::lock_guard turn(lock.for_control());
        ByteView input{request.data(), request.size()};
        auto message = NetlinkMessage::next(input);
        const auto replies = requests.handle(*message, 1);
        ByteView reply = replies.at(0)->finish();
        return -NetlinkMessage::next(reply)->fixed<nlmsgerr>()->error;
    }

    static SaRequest sa_request(uint32_t spi, uint32_t if_id) {
        SaRequest sa;
        sa.source = sa.destination = "127.0.0.1";
        sa.spi = htonl(spi);
        sa.if_id = if_id;
        sa.esn_window = 4096;
        return sa;
    }

    static PolicyRequest policy_request(uint8_t direction, uint32_t if_id, uint32_t spi = 0) {
        PolicyRequest policy;
        policy.type = XFRM_MSG_UPDPOLICY;
        policy.direction = direction;
        policy.tunnel_source = policy.tunnel_destination = "127.0.0.1";
        policy.if_id = if_id;
        policy.spi = htonl(spi);
        return policy;
    }

    FakeClock clock;
    DatabaseLock lock;
    CountedEvents events;
    DropCounters drops;
    Sad sad;
    Spd spd;
    XfrmRequests requests{sad, spd, clock, {0, 0, 0, 0}, [](uint32_t) {}};
    SaLifecycle lifecycle{sad, spd, events, clock, 60};
    EventLoop loop;
    ControlQueue queue{loop};
    SlowCalls slow_calls{queue};
    TunTable tuns{drops, slow_calls, worker_count};
    const IpAddress loopback = address("127.0.0.1");
    const Bytes ping = udp_packet("10.1.0.1", "10.2.0.1", payload_bytes(40));
};

/** Whoever sends an old packet again from elsewhere makes another worker receive it. */
TEST_F(WorkersTest, APacketThatAllOfThemReceiveIsAcceptedOnce) {
    constexpr uint32_t spi = 0xc1000001;
    constexpr size_t packets = 2000;
    ASSERT_EQ(ask(sa_request(spi, 17).encode()), 0);
    ASSERT_EQ(ask(policy_request(XFRM_POLICY_IN, 17).encode()), 0);
    SecurityAssociation& sa = *sad.find({loopback, htonl(spi)});
    std::vector<Bytes> sealed;
    for (uint64_t sequence = 1; sequence <= packets; ++sequence) {
        Bytes packet(sa.transform->sealed_length(ping.size()));
        std::copy(ping.begin(), ping.end(), packet.begin() + static_cast<long>(sa.transform->payload_offset()));
        ASSERT_TRUE(sa.transform->seal(packet.data(), ping.size(), IPPROTO_IPIP, sa.id.spi, sequence));
        sealed.push_back(packet);
    }
    in_parallel([&](size_t number) {
        Inbound inbound(sad, spd, lifecycle, tuns, events, drops, clock, number);
        std::vector<Bytes> copies = sealed;
        constexpr size_t batch = 10;
        for (size_t first = 0; first < packets; first += batch) {
            const std::lock_guard turn(lock.for_worker());
            for (size_t i = first; i < first + batch; ++i)
                inbound.receive({copies[i].data(), copies[i].size(), loopback, loopback, htons(4500), 0, true});
            inbound.flush();
        }
    });
    EXPECT_EQ(sa.usage.packets, packets);
    EXPECT_EQ(sa.replay_drops, (worker_count - 1) * packets);
    EXPECT_EQ(sa.integrity_failures, 0u);
    EXPECT_EQ(drops[Drop::in_buffer_error], packets);  // there is no device
}

/** An SA that packets keep marking is ended once. */
TEST_F(WorkersTest, LifetimesEndOnceForAll) {
    SaRequest request = sa_request(0xc1000002, 17);
    request.hard_packets = 0;
    ASSERT_EQ(ask(request.encode()), 0);
    SecurityAssociation* sa = sad.find({loopback, request.spi});
    in_parallel([&](size_t) {
        for (int i = 0; i < 100; ++i) {
            const std::lock_guard turn(lock.for_worker());
            const std::lock_guard held(sa->mutex);
            EXPECT_FALSE(lifecycle.admit(*sa));
        }
    });
    EXPECT_TRUE(lifecycle.reap_needed());
    lifecycle.reap();
    EXPECT_EQ(events.expires, 1);
    EXPECT_EQ(sad.size(), 0u);
}

/** What each worker sends is caught on sockets of the loopback. */
class WorkersSendTest : public WorkersTest {
protected:
    struct Lane {
        FileDescriptor out{socket(AF_INET, SOCK_DGRAM, 0)};
        FileDescriptor wire{socket(AF_INET, SOCK_DGRAM, 0)};
        uint16_t port = 0;
        std::map<uint32_t, uint64_t> last;
        size_t received = 0;
    };

    void SetUp() override {
        for (Lane& lane : lanes) {
            sockaddr_in name{};
            name.sin_family = AF_INET;
            name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
            ASSERT_EQ(bind(lane.wire.get(), reinterpret_cast<sockaddr*>(&name), sizeof(name)), 0);
            socklen_t length = sizeof(name);
            getsockname(lane.wire.get(), reinterpret_cast<sockaddr*>(&name), &length);
            lane.port = name.sin_port;
        }
    }

    /** As IKE does it: the new SA, the policy, then the end of the old one. */
    void rekey(size_t number, uint32_t generation) {
        const uint32_t if_id = 17 + static_cast<uint32_t>(number);
        const uint32_t spi = 0xc1000000 + if_id * 0x10000 + generation;
        ASSERT_EQ(ask(sa_request(spi, if_id).encode()), 0);
        {
            const std::lock_guard turn(lock.for_control());
            sad.find({loopback, htonl(spi)})->encapsulation.encap_dport = lanes[number].port;
        }
        ASSERT_EQ(ask(policy_request(XFRM_POLICY_OUT, if_id, spi).encode()), 0);
        if (generation > 1) ASSERT_EQ(ask(sa_by_id(XFRM_MSG_DELSA, htonl(spi - 1), "127.0.0.1", NLM_F_REQUEST | NLM_F_ACK)), 0);
    }

    /** Sequence numbers of an SA only grow: none comes twice, and none overtakes another. */
    static void check_wire(Lane& lane) {
        Bytes datagram(2048);
        for (ssize_t length; (length = recv(lane.wire.get(), datagram.data(), datagram.size(), MSG_DONTWAIT)) > 0; ++lane.received) {
            ASSERT_GE(length, 8);
            uint64_t& last = lane.last[load_be32(datagram.data())];
            const uint32_t sequence = load_be32(datagram.data() + 4);
            ASSERT_GT(sequence, last);
            last = sequence;
        }
    }

    std::array<Lane, worker_count> lanes;
};

TEST_F(WorkersSendTest, NoSequenceNumberIsUsedTwiceOverRekeys) {
    constexpr uint32_t rekeys = 40;
    for (size_t number = 0; number < worker_count; ++number) rekey(number, 1);
    std::atomic<bool> stop = false;
    std::array<std::atomic<uint32_t>, worker_count> sent_by{};
    /** Workers that get no turn between two rekeys would prove nothing. */
    const auto until_all_send = [&] {
        std::array<uint32_t, worker_count> before;
        for (size_t number = 0; number < worker_count; ++number) before[number] = sent_by[number];
        for (size_t number = 0; number < worker_count; ++number)
            while (sent_by[number] == before[number]) std::this_thread::yield();
    };
    std::thread control([&] {
        for (uint32_t generation = 2; generation <= rekeys; ++generation) {
            until_all_send();
            for (size_t number = 0; number < worker_count; ++number) rekey(number, generation);
            const std::lock_guard turn(lock.for_control());
            clock.now += 1;
            lifecycle.sweep();
            uint64_t sent = 0;
            sad.for_each([&](const SecurityAssociation& sa) { sent += sa.usage.packets; });
        }
        stop = true;
    });
    in_parallel([&](size_t number) {
        OuterSender sender({lanes[number].out.get(), -1, -1, -1}, drops);
        Outbound outbound(sad, spd, lifecycle, sender, tuns, events, drops, clock);
        TunCounters counters;
        while (!stop) {
            {
                const std::lock_guard turn(lock.for_worker());
                for (int i = 0; i < 8; ++i)
                    outbound.forward(17 + static_cast<uint32_t>(number), VirtioHeader{}, ping.data(), ping.size(), counters);
                sender.flush();
            }
            ++sent_by[number];
            check_wire(lanes[number]);
        }
        EXPECT_GT(counters.tx_packets, 0u);
    });
    control.join();
    for (const Lane& lane : lanes) {
        EXPECT_GT(lane.received, 0u);
        EXPECT_GE(lane.last.size(), rekeys - 1);
    }
    EXPECT_EQ(drops[Drop::out_no_states], 0u);
    EXPECT_EQ(sad.size(), worker_count);
}

/** The control thread has to come through, or busy workers would starve IKE. */
TEST(DatabaseLock, LetsTheWriterIn) {
    DatabaseLock lock;
    std::atomic<bool> stop = false;
    std::atomic<uint64_t> reads = 0;
    int turns = 0;
    std::thread writer([&] {
        while (reads == 0) std::this_thread::yield();
        for (int i = 0; i < 200; ++i) {
            const std::lock_guard turn(lock.for_control());
            ++turns;
        }
        stop = true;
    });
    in_parallel([&](size_t) {
        while (!stop) {
            const std::lock_guard turn(lock.for_worker());
            EXPECT_LE(turns, 200);
            ++reads;
        }
    });
    writer.join();
    EXPECT_EQ(turns, 200);
}

TEST_F(WorkersTest, WhatPacketsTellIkeIsToldByTheControlThread) {
    loop.lock_turns(lock.for_control());
    ASSERT_EQ(ask(sa_request(0xc1000003, 17).encode()), 0);
    ASSERT_EQ(ask(policy_request(XFRM_POLICY_OUT, 17).encode()), 0);
    QueuedPacketEvents worker_events(queue, sad, spd, events);
    in_parallel([&](size_t) {
        const std::lock_guard turn(lock.for_worker());
        const InnerPacket inner = *parse_inner_packet(ping.data(), ping.size());
        worker_events.acquire(*spd.lookup(17, XFRM_POLICY_OUT, inner), inner);
        worker_events.mapping(*sad.find({loopback, htonl(0xc1000003)}), loopback, htons(5001));
    });
    EXPECT_EQ(events.acquires, 0);
    sad.clear();  // a mapping of an SA that is gone means nothing
    std::thread control([&] { loop.run(); });
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (events.acquires < static_cast<int>(worker_count) && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
    loop.stop();
    control.join();
    EXPECT_EQ(events.acquires, static_cast<int>(worker_count));
    EXPECT_EQ(events.mappings, 0);
}

TEST(ControlQueue, IsBounded) {
    EventLoop loop;
    ControlQueue queue(loop);
    int done = 0;
    for (int i = 0; i < 5000; ++i) queue.post([&] { ++done; });
    queue.wake();
    loop.after_each_turn([&] { loop.stop(); });
    loop.run();
    EXPECT_EQ(done, 1024);
}

TEST(ControlQueue, LosesNothingOfThoseWhoBoundIt) {
    EventLoop loop;
    ControlQueue queue(loop);
    int done = 0;
    for (int i = 0; i < 1024; ++i) queue.post([] {});
    queue.post_always([&] { ++done; });
    loop.after_each_turn([&] { loop.stop(); });
    loop.run();
    EXPECT_EQ(done, 1);
}

}  // namespace
}  // namespace uxfrm
