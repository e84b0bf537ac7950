#include "tunnel_mtu.h"

#include <gtest/gtest.h>

#include "packets.h"

namespace uxfrm {
namespace {

std::unique_ptr<EspTransform> gcm() {
    SaAlgorithms algorithms;
    algorithms.aead = KeyedAlgorithm{"rfc4106(gcm(aes))", SecretBytes(Bytes(20, 1)), 128};
    return make_transform(algorithms, false).transform;
}

std::unique_ptr<EspTransform> cbc_sha256() {
    SaAlgorithms algorithms;
    algorithms.cipher = KeyedAlgorithm{"cbc(aes)", SecretBytes(Bytes(16, 1)), 0};
    algorithms.integrity = KeyedAlgorithm{"hmac(sha256)", SecretBytes(Bytes(32, 1)), 128};
    return make_transform(algorithms, false).transform;
}

TEST(InnerMtu, LeavesRoomForEverythingAround) {
    EXPECT_EQ(inner_mtu(1500, *gcm()), 1438);
    EXPECT_EQ(inner_mtu(1500, *cbc_sha256()), 1422);
    for (int path = 600; path < 1600; ++path)
        EXPECT_LE(gcm()->sealed_length(static_cast<size_t>(inner_mtu(path, *gcm()))) + 28, static_cast<size_t>(path));
    EXPECT_EQ(inner_mtu(20, *gcm()), 0);
}

TEST(PathMtu, OfTheLoopbackIsLarge) {
    const auto mtu = query_path_mtu(address("127.0.0.1"), address("127.0.0.1"));
    ASSERT_TRUE(mtu);
    EXPECT_GE(*mtu, 16384);
}

TEST(PathMtu, OfARemoteSourceIsUnknown) { EXPECT_FALSE(query_path_mtu(address("192.0.2.77"), address("127.0.0.1"))); }

}  // namespace
}  // namespace uxfrm
