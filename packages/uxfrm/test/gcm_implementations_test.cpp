#include <gtest/gtest.h>

#include <random>

#include "esp_transform.h"
#include "ipsec_mb.h"
#include "packets.h"

namespace uxfrm {
namespace {

std::unique_ptr<EspTransform> gcm(const Bytes& key, uint32_t icv_bits, bool esn) {
    SaAlgorithms algorithms;
    algorithms.aead = KeyedAlgorithm{"rfc4106(gcm(aes))", SecretBytes(key), icv_bits};
    return make_transform(algorithms, esn).transform;
}

class GcmImplementations : public testing::Test {
protected:
    void SetUp() override {
        if (!IpsecMb::load()) GTEST_SKIP() << "no libIPSec_MB here";
    }
    void TearDown() override { IpsecMb::unload(); }

    /** The same SA, once by each. */
    struct Pair {
        std::unique_ptr<EspTransform> openssl;
        std::unique_ptr<EspTransform> ipsec_mb;
    };
    static Pair make(const Bytes& key, uint32_t icv_bits, bool esn) {
        Pair pair;
        IpsecMb::load();
        pair.ipsec_mb = gcm(key, icv_bits, esn);
        IpsecMb::unload();
        pair.openssl = gcm(key, icv_bits, esn);
        return pair;
    }

    static Bytes seal(EspTransform& esp, const Bytes& payload, uint64_t sequence) {
        Bytes packet(esp.sealed_length(payload.size()));
        std::copy(payload.begin(), payload.end(), packet.begin() + static_cast<long>(esp.payload_offset()));
        EXPECT_TRUE(esp.seal(packet.data(), payload.size(), IPPROTO_IPIP, 0x12345678, sequence));
        return packet;
    }

    static void expect_opens(EspTransform& esp, Bytes packet, const Bytes& payload, uint64_t sequence) {
        const auto opened = esp.open(packet.data(), packet.size(), sequence);
        ASSERT_TRUE(opened);
        EXPECT_EQ(Bytes(opened->payload, opened->payload + opened->length), payload);
    }
};

TEST_F(GcmImplementations, AreNamed) {
    EXPECT_EQ(IpsecMb::gcm_implementation().rfind("ipsec-mb 1.", 0), 0u);
    IpsecMb::unload();
    EXPECT_EQ(IpsecMb::gcm_implementation(), "openssl");
}

TEST_F(GcmImplementations, SealAlikeAndOpenEachOthersPackets) {
    std::mt19937 random(7);
    for (const size_t key_length : {16u, 24u, 32u}) {
        for (const uint32_t icv_bits : {64u, 96u, 128u}) {
            for (const bool esn : {false, true}) {
                const Bytes key = payload_bytes(key_length + aead_salt_length, static_cast<uint8_t>(random()));
                const Pair pair = make(key, icv_bits, esn);
                for (size_t length = 0; length < 1600; length += 1 + random() % 40) {
                    const Bytes payload = payload_bytes(length, static_cast<uint8_t>(random()));
                    const uint64_t sequence = esn ? uint64_t{random()} << 20 | 1 : random();
                    const Bytes packet = seal(*pair.openssl, payload, sequence);
                    ASSERT_EQ(packet, seal(*pair.ipsec_mb, payload, sequence)) << length;
                    expect_opens(*pair.ipsec_mb, packet, payload, sequence);
                    expect_opens(*pair.openssl, packet, payload, sequence);
                }
            }
        }
    }
}

TEST_F(GcmImplementations, RefuseEveryFlippedBit) {
    const Pair pair = make(payload_bytes(20, 9), 128, true);
    const Bytes packet = seal(*pair.openssl, payload_bytes(60), 77);
    for (size_t bit = 0; bit < packet.size() * 8; ++bit) {
        Bytes forged = packet;
        forged[bit / 8] = static_cast<uint8_t>(forged[bit / 8] ^ (1 << bit % 8));
        EXPECT_FALSE(pair.ipsec_mb->open(forged.data(), forged.size(), 77)) << bit;
    }
    Bytes wrong_sequence = packet;
    EXPECT_FALSE(pair.ipsec_mb->open(wrong_sequence.data(), wrong_sequence.size(), 77 | uint64_t{1} << 32));
}

/** An SA outlives the choice: its library must not go before it. */
TEST_F(GcmImplementations, ASaKeepsItsImplementation) {
    const auto esp = gcm(payload_bytes(20, 9), 128, false);
    IpsecMb::unload();
    expect_opens(*esp, seal(*esp, payload_bytes(100), 1), payload_bytes(100), 1);
}

}  // namespace
}  // namespace uxfrm
