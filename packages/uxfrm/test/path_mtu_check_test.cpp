#include "path_mtu_check.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <vector>

namespace uxfrm {
namespace {

constexpr Nanoseconds ms = per_millisecond;
constexpr Nanoseconds start = 1000 * per_second;
constexpr Nanoseconds timeout = 100 * ms;
constexpr size_t mtu = 1438;

/** A check and a path that answers, or does not, at once. */
class OnPath {
public:
    explicit OnPath(size_t with_mtu = mtu) {
        check.set_mtu(with_mtu, now);
        check.begin(now);
    }

    /** Every packet up to this size is answered. */
    void carry(size_t size) {
        passes = [size](size_t asked) { return asked <= size; };
    }

    /** Returns the sizes that were asked. */
    std::vector<size_t> run(Nanoseconds time) {
        std::vector<size_t> asked;
        for (const Nanoseconds end = now + time; now < end; now += 10 * ms) {
            told += check.expire(now, small_answered) ? 1 : 0;
            if (!check.wants_probe(now)) continue;
            asked.push_back(check.probe(now, timeout, ++token));
            check.note_left(now);
            if (asked.back() > known_limit)
                told += check.note_too_large() ? 1 : 0;
            else if (passes(asked.back()))
                told += check.note_answer(asked.back(), token, now + ms) ? 1 : 0;
        }
        return asked;
    }

    PathMtuVerdict verdict() const { return check.known().verdict; }

    PathMtuCheck check{0.5};
    Nanoseconds now = start;
    std::function<bool(size_t)> passes = [](size_t) { return true; };
    bool small_answered = true;
    size_t known_limit = SIZE_MAX;
    int told = 0;

private:
    uint64_t token = 0;
};

TEST(PathMtuCheck, AsksSoonAndThenSeldom) {
    OnPath path;
    EXPECT_EQ(path.run(per_second), std::vector<size_t>{mtu});
    EXPECT_EQ(path.verdict(), PathMtuVerdict::passes);
    EXPECT_EQ(path.run(29 * per_second).size(), 0u);
    EXPECT_EQ(path.run(300 * per_second).size(), 10u);
    EXPECT_EQ(path.told, 1);
}

TEST(PathMtuCheck, AsksNothingWithoutAnMtuAndBeforeSmallOnesAreAnswered) {
    OnPath none(0);
    EXPECT_TRUE(none.run(100 * per_second).empty());
    EXPECT_EQ(none.check.due(), UINT64_MAX);
    OnPath tiny(575);
    EXPECT_TRUE(tiny.run(100 * per_second).empty());
    PathMtuCheck early(0);
    early.set_mtu(mtu, start);
    EXPECT_FALSE(early.wants_probe(start + 1000 * per_second));
}

TEST(PathMtuCheck, FindsAHoleAndWhatPassesInLittleTimeWithFewPackets) {
    for (size_t carried = 600; carried < mtu; ++carried) {
        OnPath path;
        path.carry(carried);
        const auto asked = path.run(13 * per_second);
        ASSERT_EQ(path.verdict(), PathMtuVerdict::hole) << carried;
        EXPECT_LE(path.check.known().largest, carried);
        EXPECT_LE(carried - path.check.known().largest, 6u);
        EXPECT_EQ(path.told, 1) << "of nothing on the way";
        for (size_t i = 0; i < 3; ++i) EXPECT_EQ(asked[i], mtu);
        size_t searched = 0;
        for (const size_t size : asked) searched += size == mtu ? 0 : 1;
        EXPECT_LE(searched, 8u);
    }
}

TEST(PathMtuCheck, TwoLostInARowAreAnAccident) {
    OnPath path;
    int lost = 0;
    path.passes = [&](size_t) { return ++lost > 2; };
    EXPECT_EQ(path.run(10 * per_second), std::vector<size_t>(3, mtu));
    EXPECT_EQ(path.verdict(), PathMtuVerdict::passes);
}

TEST(PathMtuCheck, TheThreeAreASecondApartHoweverShortTheTimeoutIs) {
    OnPath path;
    path.carry(1000);
    EXPECT_EQ(path.run(2 * per_second + 400 * ms), std::vector<size_t>(2, mtu));
}

TEST(PathMtuCheck, AHoleIsMendedSoonAfterThePathIs) {
    OnPath path;
    path.carry(1380);
    path.run(30 * per_second);
    ASSERT_EQ(path.verdict(), PathMtuVerdict::hole);
    path.carry(1500);
    path.run(12 * per_second);
    EXPECT_EQ(path.verdict(), PathMtuVerdict::passes);
    EXPECT_EQ(path.told, 2);
}

TEST(PathMtuCheck, AHoleThatGrowsIsMeasuredAnewAndKnownMeanwhile) {
    OnPath path;
    path.carry(1380);
    path.run(30 * per_second);
    path.carry(900);
    for (int i = 0; i < 700; ++i) {
        path.run(per_second);
        ASSERT_EQ(path.verdict(), PathMtuVerdict::hole);
    }
    EXPECT_NEAR(static_cast<double>(path.check.known().largest), 900, 6);
}

TEST(PathMtuCheck, WhoAnswersNoLargePacketIsNoHoleAndAskedSeldom) {
    for (const size_t answered : {0u, 100u, 400u, 570u}) {
        OnPath path;
        path.carry(answered);
        path.run(15 * per_second);
        EXPECT_EQ(path.verdict(), PathMtuVerdict::unanswered) << answered;
        EXPECT_LT(path.run(280 * per_second).size(), 2u);
    }
}

TEST(PathMtuCheck, APathThatSaysSoIsNoHole) {
    OnPath path;
    // The first one is lost, and the kernel learns by it.
    int asked = 0;
    path.passes = [&](size_t) {
        path.known_limit = 1300;
        ++asked;
        return false;
    };
    path.run(30 * per_second);
    EXPECT_EQ(path.verdict(), PathMtuVerdict::told);
    EXPECT_EQ(asked, 1);
    // So is one that begins to.
    OnPath late;
    late.carry(1300);
    late.run(20 * per_second);
    ASSERT_EQ(late.verdict(), PathMtuVerdict::hole);
    late.known_limit = 1300;
    late.run(12 * per_second);
    EXPECT_EQ(late.verdict(), PathMtuVerdict::told);
}

TEST(PathMtuCheck, WhatIsLostTogetherWithSmallOnesSaysNothing) {
    OnPath path;
    path.carry(0);
    path.small_answered = false;
    path.run(60 * per_second);
    EXPECT_EQ(path.verdict(), PathMtuVerdict::unknown);
    path.check.end();
    EXPECT_TRUE(path.run(60 * per_second).empty());
}

TEST(PathMtuCheck, WhatCouldNotBeSentSaysNothing) {
    PathMtuCheck check(0);
    check.set_mtu(mtu, start);
    check.begin(start);
    Nanoseconds now = start;
    for (int i = 0; i < 100; ++i, now += per_second) {
        ASSERT_TRUE(check.wants_probe(now));
        check.probe(now, timeout, 1);
        check.note_unsent(now);
        check.note_left(now);
        EXPECT_FALSE(check.expire(now + per_second / 2, true));
    }
    EXPECT_EQ(check.known().verdict, PathMtuVerdict::unknown);
}

TEST(PathMtuCheck, TakesNoAnswerButItsOwn) {
    PathMtuCheck check(0);
    check.set_mtu(mtu, start);
    EXPECT_FALSE(check.note_answer(mtu, 0, start));
    check.begin(start);
    check.probe(start, timeout, 7);
    check.note_left(start);
    EXPECT_FALSE(check.note_answer(mtu, 8, start)) << "another token";
    EXPECT_FALSE(check.note_answer(mtu - 1, 7, start)) << "a piece of it";
    EXPECT_FALSE(check.note_answer(mtu, 7, start + per_second + 1)) << "late";
    EXPECT_TRUE(check.note_answer(mtu, 7, start + per_second));
    EXPECT_FALSE(check.note_answer(mtu, 7, start + per_second)) << "twice";
}

TEST(PathMtuCheck, AnotherMtuIsAnotherQuestion) {
    OnPath path;
    path.carry(1400);
    path.run(20 * per_second);
    ASSERT_EQ(path.verdict(), PathMtuVerdict::hole);
    path.check.set_mtu(1400, path.now);
    EXPECT_EQ(path.verdict(), PathMtuVerdict::unknown);
    EXPECT_EQ(path.run(2 * per_second), std::vector<size_t>{1400});
    EXPECT_EQ(path.verdict(), PathMtuVerdict::passes);
}

/** One large packet of a hundred lost, for a day: no hole is found. */
TEST(PathMtuCheck, AccidentsAreNoHole) {
    std::mt19937 random(20260103);
    OnPath path;
    path.passes = [&](size_t) { return random() % 100 != 0; };
    path.run(24 * 3600 * per_second);
    EXPECT_EQ(path.verdict(), PathMtuVerdict::passes);
    EXPECT_EQ(path.told, 1);
}

}  // namespace
}  // namespace uxfrm
