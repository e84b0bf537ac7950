#include "lifetimes.h"

#include <gtest/gtest.h>

#include "fake_clock.h"
#include "sa_lifecycle.h"

namespace uxfrm {
namespace {

struct RecordedEvents final : XfrmEvents {
    int soft = 0;
    int hard = 0;
    void acquire(const Policy&, const InnerPacket&) override {}
    LifetimeUsage last;
    void expire(const SecurityAssociation&, const LifetimeUsage& usage, bool is_hard) override {
        ++(is_hard ? hard : soft);
        last = usage;
    }
    void mapping(const SecurityAssociation&, const IpAddress&, uint16_t) override {}
};

TEST(Lifetime, VolumesExpireWhenReached) {
    LifetimeLimits limits;
    limits.soft_bytes = 100;
    limits.hard_packets = 3;
    EXPECT_EQ(lifetime_by_volume(limits, {99, 2, 1, 1}), Lifetime::valid);
    EXPECT_EQ(lifetime_by_volume(limits, {100, 2, 1, 1}), Lifetime::soft_expired);
    EXPECT_EQ(lifetime_by_volume(limits, {100, 3, 1, 1}), Lifetime::hard_expired);
}

TEST(Lifetime, TimesCountFromInstallationOrFirstUse) {
    LifetimeLimits limits;
    limits.soft_add_seconds = 10;
    limits.hard_add_seconds = 20;
    limits.hard_use_seconds = 5;
    EXPECT_EQ(lifetime_by_time(limits, {0, 0, 100, 0}, 109), Lifetime::valid);
    EXPECT_EQ(lifetime_by_time(limits, {0, 0, 100, 0}, 110), Lifetime::soft_expired);
    EXPECT_EQ(lifetime_by_time(limits, {0, 0, 100, 0}, 120), Lifetime::hard_expired);
    EXPECT_EQ(lifetime_by_time(limits, {0, 0, 100, 104}, 109), Lifetime::hard_expired);
}

TEST(Lifetime, ZeroSecondsMeansForEver) { EXPECT_EQ(lifetime_by_time({}, {0, 0, 1, 1}, 1u << 30), Lifetime::valid); }

class SaLifecycleTest : public testing::Test {
protected:
    FakeClock clock;
    Sad sad;
    Spd spd;
    RecordedEvents events;
    SaLifecycle lifecycle{sad, spd, events, clock, 60};

    SecurityAssociation& add(uint32_t spi, uint64_t session = 1) {
        auto sa = std::make_unique<SecurityAssociation>();
        sa->id.spi = spi;
        sa->state = SaState::valid;
        sa->session = session;
        sa->usage.add_time = clock.now;
        SecurityAssociation& added = *sa;
        EXPECT_TRUE(sad.insert(std::move(sa)));
        return added;
    }
};

TEST_F(SaLifecycleTest, SoftExpireIsReportedOnce) {
    SecurityAssociation& sa = add(1);
    sa.limits.soft_packets = 1;
    EXPECT_TRUE(lifecycle.admit(sa));
    sa.usage.account(10, clock.now);
    EXPECT_TRUE(lifecycle.admit(sa));
    EXPECT_TRUE(lifecycle.admit(sa));
    EXPECT_EQ(events.soft, 0);
    lifecycle.reap();
    EXPECT_TRUE(lifecycle.admit(sa));
    lifecycle.reap();
    EXPECT_EQ(events.soft, 1);
}

TEST_F(SaLifecycleTest, SoftExpireTellsTheUsageThatReachedTheLimit) {
    SecurityAssociation& sa = add(1);
    sa.limits.soft_packets = 3;
    for (int packet = 0; packet < 5; ++packet) {
        EXPECT_TRUE(lifecycle.admit(sa));
        sa.usage.account(10, clock.now);
    }
    lifecycle.reap();
    EXPECT_EQ(events.last.packets, 3u);
    EXPECT_EQ(events.last.bytes, 30u);
}

TEST_F(SaLifecycleTest, HardExpireEndsTheSa) {
    SecurityAssociation& sa = add(1);
    sa.limits.hard_bytes = 10;
    sa.usage.account(10, clock.now);
    EXPECT_FALSE(lifecycle.admit(sa));
    EXPECT_FALSE(lifecycle.admit(sa));
    EXPECT_EQ(sad.size(), 1u);
    lifecycle.reap();
    EXPECT_EQ(sad.size(), 0u);
    EXPECT_EQ(events.hard, 1);
}

TEST_F(SaLifecycleTest, SweepEndsByTime) {
    SecurityAssociation& sa = add(1);
    sa.limits.soft_add_seconds = 10;
    sa.limits.hard_add_seconds = 20;
    clock.now += 10;
    lifecycle.sweep();
    EXPECT_EQ(events.soft, 1);
    clock.now += 10;
    lifecycle.sweep();
    EXPECT_EQ(events.hard, 1);
    EXPECT_EQ(sad.size(), 0u);
}

TEST_F(SaLifecycleTest, SequenceNumbersNeverWrap) {
    SecurityAssociation& sa = add(1);
    sa.output_sequence = 0xfffffffe;
    EXPECT_EQ(lifecycle.next_sequence(sa), 0xffffffffu);
    EXPECT_FALSE(lifecycle.next_sequence(sa));
    EXPECT_FALSE(lifecycle.next_sequence(sa));
    lifecycle.reap();
    EXPECT_EQ(events.hard, 1);
    EXPECT_EQ(sad.size(), 0u);
}

TEST_F(SaLifecycleTest, IkeIsWarnedBeforeTheSequenceNumbersEnd) {
    SecurityAssociation& sa = add(1);
    sa.output_sequence = 0xf0000000;
    EXPECT_TRUE(lifecycle.next_sequence(sa));
    lifecycle.reap();
    EXPECT_EQ(events.soft, 1);
}

TEST_F(SaLifecycleTest, EsnGoesOnBeyondThirtyTwoBits) {
    SecurityAssociation& sa = add(1);
    sa.flags = XFRM_STATE_ESN;
    sa.output_sequence = 0xffffffff;
    EXPECT_EQ(lifecycle.next_sequence(sa), 0x1'00000000u);
    sa.output_sequence = UINT64_MAX;
    EXPECT_FALSE(lifecycle.next_sequence(sa));
}

TEST_F(SaLifecycleTest, StaleSessionsGoAfterTheGraceTime) {
    add(1, 1);
    lifecycle.session_started(2);
    add(2, 2);
    clock.now += 59;
    lifecycle.sweep();
    EXPECT_EQ(sad.size(), 2u);
    clock.now += 1;
    lifecycle.sweep();
    EXPECT_EQ(sad.size(), 1u);
    EXPECT_TRUE(sad.find({IpAddress{}, 2}));
    EXPECT_EQ(events.hard, 0);
}

TEST(Clock, ConvertsToWallTimeAndBack) {
    FakeClock clock;
    EXPECT_EQ(clock.to_wall(0), 0u);
    EXPECT_EQ(clock.to_wall(990), 1'700'000'990u);
    EXPECT_EQ(clock.from_wall(1'700'000'990), 990u);
    clock.wall_offset += 5;  // a step of the wall clock must not age anything
    EXPECT_EQ(clock.to_wall(990), clock.wall_seconds() - 10);
    EXPECT_EQ(clock.from_wall(clock.wall_seconds() + 100), 1000u);
}

}  // namespace
}  // namespace uxfrm
