#include "probe_target.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <vector>

namespace uxfrm {
namespace {

constexpr Nanoseconds ms = per_millisecond;
constexpr Nanoseconds start = 1000 * per_second;
constexpr ProbeSettings settings{100 * ms, 100 * ms, 3};

ProbeTarget make_target(double place = 0, const ProbeSettings& with = settings) { return {"name", in_addr{}, with, place, start}; }

/** Sends what is due until then, every millisecond. */
std::vector<Nanoseconds> run(ProbeTarget& target, Nanoseconds from, Nanoseconds to) {
    std::vector<Nanoseconds> sent;
    for (Nanoseconds now = from; now < to; now += ms) {
        target.expire(now);
        if (!target.wants_probe(now)) continue;
        target.probe(now, 0);
        sent.push_back(now);
    }
    return sent;
}

TEST(ProbeTarget, IsProbedTenTimesASecondForAsLongAsItLives) {
    ProbeTarget target = make_target(0.3);
    const auto sent = run(target, start, start + 60 * per_second);
    // The first one comes early, and lies between two of the others.
    EXPECT_NEAR(static_cast<double>(sent.size()), 600, 1);
    for (size_t i = 2; i < sent.size(); ++i) EXPECT_EQ(sent[i] - sent[i - 1], 100 * ms);
    EXPECT_GE(sent[1] - sent[0], 50 * ms);
    EXPECT_LE(sent[1] - sent[0], 150 * ms);
}

TEST(ProbeTarget, IsProbedSoonHoweverLongItsIntervalIs) {
    ProbeTarget target = make_target(0.9, {5 * per_second, 100 * ms, 3});
    const auto sent = run(target, start, start + 20 * per_second);
    EXPECT_LE(sent.front() - start, 100 * ms);
    EXPECT_EQ(sent[2] - sent[1], 5 * per_second);
}

TEST(ProbeTarget, HasItsTimeFromWhenItHasLeft) {
    ProbeTarget target = make_target();
    const uint16_t sequence = target.probe(start, 7);
    target.note_left(start + 300 * ms);
    EXPECT_FALSE(target.expire(start + 399 * ms));
    EXPECT_TRUE(target.note_answer(sequence, 7, start + 400 * ms));
    EXPECT_EQ(target.state(start + 400 * ms)->minute.lost, 0u);
    target.probe(start + 500 * ms, 8);
    target.note_left(start + 500 * ms);
    EXPECT_TRUE(target.expire(start + 600 * ms));
}

TEST(ProbeTarget, ComesLateByLessThanHalfAnIntervalOrNotAtAll) {
    ProbeTarget target = make_target();
    run(target, start, start + per_second);
    target.expire(start + per_second + 50 * ms);
    EXPECT_TRUE(target.wants_probe(start + per_second + 50 * ms));
    target.probe(start + per_second + 50 * ms, 0);
    EXPECT_EQ(target.due(), start + 1100 * ms);  // its place is as before
    target.expire(start + 3 * per_second);
    EXPECT_FALSE(target.wants_probe(start + 3 * per_second + 60 * ms));
    EXPECT_EQ(target.due(), start + 3 * per_second + 100 * ms);
}

TEST(ProbeTarget, APlaceOfItsOwnForEach) {
    // As prober.cpp gives them out: 1,000 targets leave no more than a few in each millisecond.
    std::array<int, 100> in_millisecond{};
    for (int i = 1; i <= 1000; ++i) {
        ProbeTarget target = make_target(std::fmod(i * 0.6180339887498949, 1));
        const auto sent = run(target, start, start + 400 * ms);
        ++in_millisecond[(sent.back() - start) / ms % 100];
    }
    EXPECT_LE(*std::max_element(in_millisecond.begin(), in_millisecond.end()), 13);
    EXPECT_GE(*std::min_element(in_millisecond.begin(), in_millisecond.end()), 7);
}

TEST(ProbeTarget, TakesTheAnswerToItsProbeOnce) {
    ProbeTarget target = make_target();
    const uint16_t sequence = target.probe(start, 77);
    EXPECT_FALSE(target.note_answer(sequence, 78, start + ms)) << "another token";
    EXPECT_FALSE(target.note_answer(static_cast<uint16_t>(sequence + 1), 77, start + ms)) << "not sent yet";
    EXPECT_FALSE(target.note_answer(static_cast<uint16_t>(sequence - 1), 77, start + ms)) << "never sent";
    EXPECT_FALSE(target.state(start + ms)) << "none has ended";
    EXPECT_TRUE(target.note_answer(sequence, 77, start + 2 * ms));
    EXPECT_FALSE(target.note_answer(sequence, 77, start + 3 * ms)) << "twice";
    const ProbeState state = *target.state(start + 3 * ms);
    EXPECT_TRUE(state.answers);
    EXPECT_EQ(state.minute.sent, 1u);
    EXPECT_EQ(state.minute.delay_us, 2000u);
    EXPECT_FALSE(state.since_loss);
}

TEST(ProbeTarget, ALateAnswerIsNone) {
    ProbeTarget target = make_target();
    const uint16_t sequence = target.probe(start, 1);
    EXPECT_FALSE(target.expire(start + 99 * ms));
    EXPECT_FALSE(target.note_answer(sequence, 1, start + 101 * ms));
    EXPECT_TRUE(target.expire(start + 101 * ms));
    EXPECT_FALSE(target.state(start + 101 * ms)->answers);
    // It came in time, and was read late.
    ProbeTarget other = make_target();
    const uint16_t first = other.probe(start, 1);
    EXPECT_TRUE(other.note_answer(first, 1, start + 100 * ms));
    EXPECT_FALSE(other.expire(start + 5 * per_second));
}

TEST(ProbeTarget, WhatCouldNotBeSentIsLostInItsTimeAndCountedApart) {
    ProbeTarget target = make_target();
    const uint16_t sequence = target.probe(start, 1);
    target.note_unsent();
    EXPECT_FALSE(target.note_answer(sequence, 1, start + ms)) << "it never left";
    EXPECT_FALSE(target.expire(start + 99 * ms));
    EXPECT_TRUE(target.expire(start + 100 * ms));
    const ProbeState state = *target.state(start + 100 * ms);
    EXPECT_EQ(state.minute.sent, 1u);
    EXPECT_EQ(state.minute.lost, 1u);
    EXPECT_EQ(state.minute.unsent, 1u);
}

TEST(ProbeTarget, TellsEachLossUntilTheThresholdAndTheAnswerAfterwards) {
    ProbeTarget target = make_target();
    Nanoseconds now = start;
    const auto end = [&](bool answered) {
        const uint16_t sequence = target.probe(now, 5);
        const bool told = answered ? target.note_answer(sequence, 5, now + ms) : target.expire(now + 100 * ms);
        now += 100 * ms;
        return told;
    };
    EXPECT_TRUE(end(true));
    EXPECT_FALSE(end(true));
    EXPECT_TRUE(end(false));
    EXPECT_TRUE(end(false));
    EXPECT_TRUE(end(false));
    EXPECT_FALSE(end(false));
    EXPECT_FALSE(end(false));
    EXPECT_EQ(target.state(now)->run, 5u);
    EXPECT_TRUE(end(true));
    EXPECT_EQ(target.state(now)->run, 5u) << "so many before it answered again";
    EXPECT_EQ(target.state(now)->since_loss, 100 * ms);
    EXPECT_FALSE(end(true));
    EXPECT_TRUE(end(false));
    EXPECT_EQ(target.state(now)->run, 1u);
}

TEST(ProbeTarget, AThresholdThatIsLoweredCountsFromTheNextLossOn) {
    ProbeTarget target = make_target(0, {100 * ms, 100 * ms, 8});
    for (Nanoseconds i = 0; i < 5; ++i) {
        target.probe(start + i * 100 * ms, 5);
        target.expire(start + (i + 1) * 100 * ms);
    }
    target.change(settings, start + 500 * ms);
    target.probe(start + 500 * ms, 5);
    EXPECT_TRUE(target.expire(start + 600 * ms));
    target.probe(start + 600 * ms, 5);
    EXPECT_FALSE(target.expire(start + 700 * ms));
    EXPECT_EQ(target.state(start + 700 * ms)->run, 7u);
}

/** Whoever hears only what is told judges as if it had seen every probe. */
TEST(ProbeTarget, WhatIsToldIsAllThatDecides) {
    std::mt19937 random(20260101);
    for (int world = 0; world < 300; ++world) {
        ProbeTarget target = make_target();
        const auto loss_in_ten = random() % 10;
        bool known = false;
        bool failed = false;
        bool told_failed = false;
        uint32_t run = 0;
        for (Nanoseconds i = 0; i < 200; ++i) {
            const Nanoseconds now = start + i * 100 * ms;
            const bool answered = random() % 10 >= loss_in_ten;
            const uint16_t sequence = target.probe(now, i);
            const bool told = answered ? target.note_answer(sequence, i, now + ms) : target.expire(now + 100 * ms);
            run = answered ? 0 : run + 1;
            known |= answered;
            failed = answered ? false : failed || (known && run >= settings.threshold);
            const ProbeState state = *target.state(now + 100 * ms);
            if (told) told_failed = !state.answers && (told_failed || (known && state.run >= settings.threshold));
            ASSERT_EQ(told_failed, failed) << "world " << world << ", probe " << i;
        }
    }
}

/** Late, doubled, forged, in any order: counts stay what they are. */
TEST(ProbeTarget, WhateverIsAnsweredEachProbeEndsOnce) {
    std::mt19937 random(20260102);
    for (int world = 0; world < 200; ++world) {
        ProbeTarget target = make_target(0, {100 * ms, 100 * ms * (1 + random() % 50), 3});
        std::vector<uint16_t> sent;
        Nanoseconds now = start;
        for (int step = 0; step < 300; ++step) {
            now += random() % (60 * ms);
            target.expire(now);
            if (target.wants_probe(now)) sent.push_back(target.probe(now, 9));
            for (uint32_t answers = random() % 4; answers > 0 && !sent.empty(); --answers)
                target.note_answer(sent[random() % sent.size()], random() % 3 == 0 ? 8 : 9, now - random() % (2 * per_second));
        }
        now += 60 * per_second - 1;
        target.expire(now);
        const ProbeCounts total = target.state(now)->minute;
        EXPECT_LE(total.sent, sent.size());
        EXPECT_LE(total.lost, total.sent);
    }
}

TEST(MinuteStatistics, CountsTheLastMinuteToTheSecond) {
    std::mt19937 random(20260103);
    MinuteStatistics statistics;
    std::vector<std::pair<uint64_t, ProbeCounts>> all;
    uint64_t now = 100;
    for (int step = 0; step < 3000; ++step) {
        if (random() % 50 == 0) now += random() % 100;
        now += random() % 2;
        const ProbeCounts ended{1, static_cast<uint32_t>(random() % 2), 0, random() % 1000};
        statistics.add(now, ended);
        all.emplace_back(now, ended);
        ProbeCounts expected;
        for (const auto& [at, counts] : all)
            if (at + 60 > now) expected += counts;
        const ProbeCounts& total = statistics.total(now);
        ASSERT_EQ(total.sent, expected.sent);
        ASSERT_EQ(total.lost, expected.lost);
        ASSERT_EQ(total.delay_us, expected.delay_us);
    }
    EXPECT_EQ(statistics.total(now + 60).sent, 0u);
}

}  // namespace
}  // namespace uxfrm
