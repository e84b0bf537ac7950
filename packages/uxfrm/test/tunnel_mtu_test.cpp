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
    EXPECT_EQ(inner_mtu(1500, OuterTransport::udp4, *gcm()), 1438);
    EXPECT_EQ(inner_mtu(1500, OuterTransport::udp4, *cbc_sha256()), 1422);
    EXPECT_EQ(inner_mtu(1500, OuterTransport::udp6, *gcm()), 1418);
    EXPECT_EQ(inner_mtu(1500, OuterTransport::esp4, *gcm()), 1446);
    EXPECT_EQ(inner_mtu(1500, OuterTransport::esp6, *gcm()), 1426);
    for (const OuterTransport transport : outer_transports) {
        for (int path = 600; path < 1600; ++path) {
            const auto inner = static_cast<size_t>(inner_mtu(path, transport, *gcm()));
            EXPECT_LE(gcm()->sealed_length(inner) + outer_header_length(transport), static_cast<size_t>(path));
            EXPECT_GT(gcm()->sealed_length(inner + 4) + outer_header_length(transport), static_cast<size_t>(path));
        }
        EXPECT_EQ(inner_mtu(20, transport, *gcm()), 0);
    }
}

TEST(PathMtu, OfTheLoopbackIsLarge) {
    const auto mtu = query_path_mtu(address("127.0.0.1"), address("127.0.0.1"));
    ASSERT_TRUE(mtu);
    EXPECT_GE(*mtu, 16384);
    const auto mtu6 = query_path_mtu(address("::1"), address("::1"));
    ASSERT_TRUE(mtu6);
    EXPECT_GE(*mtu6, 16384);
}

TEST(PathMtu, OfARemoteSourceIsUnknown) { EXPECT_FALSE(query_path_mtu(address("192.0.2.77"), address("127.0.0.1"))); }

}  // namespace
}  // namespace uxfrm
