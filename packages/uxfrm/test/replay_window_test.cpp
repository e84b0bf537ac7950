#include "replay_window.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

namespace uxfrm {
namespace {

/** With ESN a wrong guess of the high half counts as refused: the integrity check would fail. */
bool accept(ReplayWindow& window, uint64_t sequence) {
    const auto full = window.check(static_cast<uint32_t>(sequence));
    if (!full || *full != sequence) return false;
    window.advance(*full);
    return true;
}

TEST(ReplayWindow, AcceptsEachNumberOnce) {
    ReplayWindow window(32);
    EXPECT_TRUE(accept(window, 1));
    EXPECT_FALSE(accept(window, 1));
    EXPECT_TRUE(accept(window, 3));
    EXPECT_TRUE(accept(window, 2));
    EXPECT_FALSE(accept(window, 2));
}

TEST(ReplayWindow, RefusesZero) {
    ReplayWindow window(32);
    EXPECT_FALSE(window.check(0));
}

TEST(ReplayWindow, KnowsItsLeftEdge) {
    ReplayWindow window(64);
    ASSERT_TRUE(accept(window, 100));
    EXPECT_TRUE(accept(window, 37));
    EXPECT_FALSE(window.check(36));
}

TEST(ReplayWindow, ForgetsEverythingAfterALargeJump) {
    ReplayWindow window(64);
    for (uint64_t n = 1; n <= 64; ++n) ASSERT_TRUE(accept(window, n));
    ASSERT_TRUE(accept(window, 1000));
    EXPECT_TRUE(accept(window, 999));
    EXPECT_TRUE(accept(window, 937));
    EXPECT_FALSE(window.check(936));
}

TEST(ReplayWindow, SizeZeroAcceptsEverything) {
    ReplayWindow window(0);
    EXPECT_TRUE(window.check(5));
    window.advance(5);
    EXPECT_TRUE(window.check(5));
}

TEST(ReplayWindow, EsnCountsOnBeyondThirtyTwoBits) {
    ReplayWindow window(64, true);
    window.restore(0xfffffff0, {});
    EXPECT_TRUE(accept(window, 0x1'00000005));
    EXPECT_TRUE(accept(window, 0xfffffffe));
    EXPECT_FALSE(accept(window, 0xfffffffe));
    EXPECT_EQ(window.top(), 0x1'00000005u);
}

TEST(ReplayWindow, EsnRefusesNumbersBeforeTheFirstSubspace) {
    ReplayWindow window(64, true);
    ASSERT_TRUE(accept(window, 5));
    EXPECT_FALSE(window.check(0xfffffff0));
}

TEST(ReplayWindow, EsnDoesNotWrapAtSixtyFourBits) {
    ReplayWindow window(64, true);
    window.restore(0xffffffff'fffffff0, {});
    EXPECT_FALSE(window.check(3));
    EXPECT_TRUE(window.check(0xfffffff5));
}

/** The naive set: remembers all numbers, refuses what is `size` behind the highest. */
struct NaiveWindow {
    uint64_t size;
    uint64_t top = 0;
    std::set<uint64_t> seen = {};

    bool accept(uint64_t sequence) {
        if (sequence == 0 || (sequence <= top && top - sequence >= size) || !seen.insert(sequence).second) return false;
        top = std::max(top, sequence);
        return true;
    }
};

class ReplayModel : public testing::TestWithParam<std::tuple<uint32_t, bool>> {};

TEST_P(ReplayModel, AgreesWithANaiveSet) {
    const auto [size, esn] = GetParam();
    std::mt19937_64 random(size * 2 + esn);
    const uint64_t start = esn ? 0xffffffffull - 3 * size : 0;
    ReplayWindow window(size, esn);
    NaiveWindow model{size, start};
    window.restore(start, {});
    for (int i = 0; i < 20000; ++i) {
        const uint64_t ahead = model.top + 1 + random() % 4;
        const uint64_t sequence = ahead - std::min<uint64_t>(ahead, random() % (2 * size + 8));
        // What precedes `start` was never seen by the model, but neither by the window.
        ASSERT_EQ(accept(window, sequence), model.accept(sequence)) << "size " << size << " sequence " << sequence;
        ASSERT_EQ(window.top(), model.top);
    }
}

INSTANTIATE_TEST_SUITE_P(Sizes, ReplayModel,
                         testing::Combine(testing::Values(1u, 32u, 33u, 64u, 100u, 2048u, 4096u), testing::Bool()));

}  // namespace
}  // namespace uxfrm
