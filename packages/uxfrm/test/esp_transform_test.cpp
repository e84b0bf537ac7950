#include "esp_transform.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cerrno>

#include "hex.h"
#include "ipsec_mb.h"

namespace uxfrm {
namespace {

SaAlgorithms aead(const std::string& name, const Bytes& key, uint32_t icv_bits = 128) {
    SaAlgorithms algorithms;
    algorithms.aead = KeyedAlgorithm{name, SecretBytes(key), icv_bits};
    return algorithms;
}

SaAlgorithms cipher_and_hmac(const std::string& cipher, const Bytes& cipher_key, const std::string& integrity,
                             const Bytes& integrity_key, uint32_t icv_bits) {
    SaAlgorithms algorithms;
    algorithms.cipher = KeyedAlgorithm{cipher, SecretBytes(cipher_key), 0};
    algorithms.integrity = KeyedAlgorithm{integrity, SecretBytes(integrity_key), icv_bits};
    return algorithms;
}

std::unique_ptr<EspTransform> transform(const SaAlgorithms& algorithms, bool esn = false) {
    TransformResult result = make_transform(algorithms, esn);
    EXPECT_EQ(result.error, 0);
    return std::move(result.transform);
}

Bytes hmac(const EVP_MD* digest, const Bytes& key, const Bytes& data) {
    Bytes out(64);
    unsigned length = 0;
    HMAC(digest, key.data(), static_cast<int>(key.size()), data.data(), data.size(), out.data(), &length);
    out.resize(length);
    return out;
}

/** ESP test cases for AES-GCM: draft-mcgrew-gcm-test-01, sections 4.1 to 4.3. */
struct GcmCase {
    const char* name;
    const char* key;
    const char* salt;
    const char* header;
    uint64_t sequence;
    bool esn;
    const char* iv;
    const char* text;
    const char* sealed;
    uint8_t next_header;
};

const GcmCase gcm_cases[] = {
    {"Aes128WithEsn", "4c80cdefbb5d10da906ac73c3613a634", "2e443b68", "0000432100000000", 0x8765432100000000, true,
     "4956ed7e3b244cfe",
     "45000048699a000080114db7c0a80102c0a801010a9bf15638d301000001000000000000045f736970045f75647003736970096379626572"
     "6369747902646b000021000101020201",
     "fecf537e729d5b07dc30df528dd22b768d1b98736696a6fd348509fa13ceac34cfa2436f14a3f3cf65925bf1f4a13c5d15b21e1884f5ff6247"
     "aeabb786b93bce61bc17d768fd9732459018148f6cbe722fd04796562dfdb4",
     0x01},
    {"Aes192", "feffe9928665731c6d6a8f9467308308feffe9928665731c", "cafebabe", "0000a5f80000000a", 10, false,
     "facedbaddecaf888", "45000028a4ad4000400678800a01038f0a010612802306b8cb712602dd6bb03e501016d075680001",
     "a5b1f8066029aea40e598b8122de02420938b3ab33f828e687b8858b5bfbdbd0315b27452144cc7795457b9652037f5318027b5b4cd7a636",
     0x01},
    {"Aes256", "abbccddef00112233445566778899aababbccddef00112233445566778899aab", "11223344", "4a2cbfe300000002", 2, false,
     "0102030405060708",
     "4500003069a6400080062690c0a801029389155e0a9e008b2dc57ee0000000007002400020bf0000020405b40101040201020201",
     "ff425c9b724599df7a3bcd510194e00d6a78107f1b0b1cbf06efae9d65a5d763748a637985771d347f0545659f14e99def842d8eb335f4eecf"
     "dbf831824b4c4915956c96",
     0x01},
};

class GcmKnownAnswer : public testing::TestWithParam<GcmCase> {};

void expect_known_answer(const GcmCase& c) {
    const auto esp = transform(aead("rfc4106(gcm(aes))", from_hex(c.key) + from_hex(c.salt)), c.esn);
    Bytes packet = from_hex(c.header) + from_hex(c.iv) + from_hex(c.sealed);
    const auto opened = esp->open(packet.data(), packet.size(), c.sequence);
    ASSERT_TRUE(opened);
    const Bytes text = from_hex(c.text);
    EXPECT_EQ(opened->next_header, c.next_header);
    EXPECT_EQ(opened->length, text.size() - 2 - text[text.size() - 2]);
    EXPECT_TRUE(std::equal(opened->payload, opened->payload + opened->length, text.begin()));
}

TEST_P(GcmKnownAnswer, OpensWithOpenSsl) {
    IpsecMb::unload();
    expect_known_answer(GetParam());
}

TEST_P(GcmKnownAnswer, OpensWithIpsecMb) {
    if (!IpsecMb::load()) GTEST_SKIP() << "no libIPSec_MB here";
    expect_known_answer(GetParam());
    IpsecMb::unload();
}

INSTANTIATE_TEST_SUITE_P(Draft, GcmKnownAnswer, testing::ValuesIn(gcm_cases),
                         [](const auto& info) { return info.param.name; });

/** RFC 3602 section 4, case #2, wrapped into ESP with an ICV made by the one-shot HMAC. */
TEST(CbcKnownAnswer, Rfc3602Case2) {
    const Bytes key = from_hex("c286696d887c9aa0611bbb3e2025a45a");
    const Bytes mac_key(20, 0x0b);
    const Bytes text = from_hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    Bytes packet = from_hex("0000432100000001") + from_hex("562e17996d093d28ddb3ba695a2e6f58") +
                   from_hex("d296cd94c2cccf8a3a863028b5e1dc0a7586602d253cfff91b8266bea6d61ab1");
    Bytes icv = hmac(EVP_sha1(), mac_key, packet);
    icv.resize(12);
    packet = packet + icv;
    const auto esp = transform(cipher_and_hmac("cbc(aes)", key, "hmac(sha1)", mac_key, 96));
    const auto opened = esp->open(packet.data(), packet.size(), 1);
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->next_header, 0x1f);
    EXPECT_TRUE(std::equal(text.begin(), text.end(), packet.begin() + 24));
}

/** RFC 2202 and RFC 4231 test case 2 for the one-shot HMAC that the ICVs below are compared with. */
TEST(Hmac, OracleIsRight) {
    const Bytes key = {'J', 'e', 'f', 'e'};
    const std::string text = "what do ya want for nothing?";
    const Bytes data(text.begin(), text.end());
    EXPECT_EQ(hmac(EVP_md5(), key, data), from_hex("750c783e6ab0b503eaa86e310a5db738"));
    EXPECT_EQ(hmac(EVP_sha1(), key, data), from_hex("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"));
    EXPECT_EQ(hmac(EVP_sha256(), key, data),
              from_hex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
    EXPECT_EQ(hmac(EVP_sha384(), key, data),
              from_hex("af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649"));
    EXPECT_EQ(hmac(EVP_sha512(), key, data),
              from_hex("164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaea"
                       "b1a34d4a6b4b636e070a38bce737"));
}

struct HmacCase {
    const char* name;
    const EVP_MD* (*digest)();
    size_t key_length;
    uint32_t bits;
};

class HmacIcv : public testing::TestWithParam<std::tuple<HmacCase, bool>> {};

/** RFC 4303 section 2.2.1: the ICV covers SPI to next header, then the high half of an ESN. */
TEST_P(HmacIcv, CoversThePacket) {
    const auto& [c, esn] = GetParam();
    const Bytes key(c.key_length, 0x5a);
    const uint64_t sequence = 0x0102030405060708;
    const auto esp = transform(cipher_and_hmac("ecb(cipher_null)", {}, c.name, key, c.bits), esn);
    Bytes packet(esp->sealed_length(30));
    ASSERT_TRUE(esp->seal(packet.data(), 30, 4, 0x11223344, sequence));
    const size_t covered = packet.size() - c.bits / 8;
    Bytes data(packet.begin(), packet.begin() + static_cast<long>(covered));
    if (esn) data = data + from_hex("01020304");
    Bytes expected = hmac(c.digest(), key, data);
    expected.resize(c.bits / 8);
    EXPECT_EQ(Bytes(packet.begin() + static_cast<long>(covered), packet.end()), expected);
}

INSTANTIATE_TEST_SUITE_P(Algorithms, HmacIcv,
                         testing::Combine(testing::Values(HmacCase{"hmac(md5)", EVP_md5, 16, 96},
                                                          HmacCase{"sha1", EVP_sha1, 20, 96},
                                                          HmacCase{"hmac(sha256)", EVP_sha256, 32, 128},
                                                          HmacCase{"hmac(sha384)", EVP_sha384, 48, 192},
                                                          HmacCase{"hmac(sha512)", EVP_sha512, 64, 256}),
                                          testing::Bool()));

struct Suite {
    const char* name;
    SaAlgorithms (*make)();
};

const Suite suites[] = {
    {"Gcm128", [] { return aead("rfc4106(gcm(aes))", Bytes(20, 1)); }},
    {"Gcm256Icv8", [] { return aead("rfc4106(gcm(aes))", Bytes(36, 2), 64); }},
    {"Gcm192Icv12", [] { return aead("rfc4106(gcm(aes))", Bytes(28, 3), 96); }},
    {"ChaChaPoly", [] { return aead("rfc7539esp(chacha20,poly1305)", Bytes(36, 4)); }},
    {"Cbc128Sha1", [] { return cipher_and_hmac("cbc(aes)", Bytes(16, 5), "hmac(sha1)", Bytes(20, 6), 96); }},
    {"Cbc192Sha384", [] { return cipher_and_hmac("aes", Bytes(24, 5), "hmac(sha384)", Bytes(48, 6), 192); }},
    {"Cbc256Sha256", [] { return cipher_and_hmac("cbc(aes)", Bytes(32, 7), "hmac(sha256)", Bytes(32, 8), 128); }},
    {"TripleDesMd5", [] { return cipher_and_hmac("des3_ede", from_hex("0123456789abcdef23456789abcdef01456789abcdef0123"), "md5", Bytes(16, 9), 96); }},
    {"NullSha512", [] { return cipher_and_hmac("cipher_null", {}, "hmac(sha512)", Bytes(64, 10), 256); }},
};

class RoundTrip : public testing::TestWithParam<std::tuple<Suite, bool>> {
protected:
    std::unique_ptr<EspTransform> esp = transform(std::get<0>(GetParam()).make(), std::get<1>(GetParam()));
    static constexpr uint64_t sequence = 0x1'00000007;

    Bytes seal(size_t length, uint64_t number = sequence) {
        Bytes packet(esp->sealed_length(length));
        for (size_t i = 0; i < length; ++i) packet[esp->payload_offset() + i] = static_cast<uint8_t>(i);
        EXPECT_TRUE(esp->seal(packet.data(), length, 4, 0x01020304, number));
        return packet;
    }
};

TEST_P(RoundTrip, AllSmallLengths) {
    for (size_t length = 0; length < 70; ++length) {
        Bytes packet = seal(length, sequence + length);
        const auto opened = esp->open(packet.data(), packet.size(), sequence + length);
        ASSERT_TRUE(opened) << length;
        EXPECT_EQ(opened->length, length);
        EXPECT_EQ(opened->next_header, 4);
        for (size_t i = 0; i < length; ++i) ASSERT_EQ(opened->payload[i], static_cast<uint8_t>(i));
    }
}

TEST_P(RoundTrip, EveryByteIsAuthenticated) {
    const Bytes packet = seal(40);
    for (size_t i = 0; i < packet.size(); ++i) {
        Bytes forged = packet;
        forged[i] = static_cast<uint8_t>(forged[i] ^ 0x10);
        EXPECT_FALSE(esp->open(forged.data(), forged.size(), sequence)) << "byte " << i;
    }
}

TEST_P(RoundTrip, CutPacketsAreRefused) {
    const Bytes packet = seal(40);
    for (size_t length = 0; length < packet.size(); ++length) {
        Bytes cut(packet.begin(), packet.begin() + static_cast<long>(length));
        EXPECT_FALSE(esp->open(cut.data(), cut.size(), sequence));
    }
}

TEST_P(RoundTrip, HighHalfOfAnEsnIsAuthenticated) {
    Bytes packet = seal(40);
    const bool opened = esp->open(packet.data(), packet.size(), sequence + 0x1'00000000).has_value();
    EXPECT_EQ(opened, !std::get<1>(GetParam()));
}

TEST_P(RoundTrip, CapacityIsTheInverseOfSealedLength) {
    for (size_t room = 0; room < 200; ++room) {
        const size_t capacity = esp->payload_capacity(room);
        if (capacity != 0) {
            EXPECT_LE(esp->sealed_length(capacity), room);
        }
        EXPECT_GT(esp->sealed_length(capacity + 1), room);
    }
}

INSTANTIATE_TEST_SUITE_P(Suites, RoundTrip, testing::Combine(testing::ValuesIn(suites), testing::Bool()),
                         [](const auto& info) {
                             return std::string(std::get<0>(info.param).name) + (std::get<1>(info.param) ? "Esn" : "");
                         });

TEST(EspTransform, CbcIvsDiffer) {
    const auto esp = transform(cipher_and_hmac("cbc(aes)", Bytes(16, 5), "hmac(sha1)", Bytes(20, 6), 96));
    Bytes first(esp->sealed_length(16)), second(esp->sealed_length(16));
    ASSERT_TRUE(esp->seal(first.data(), 16, 4, 1, 1));
    ASSERT_TRUE(esp->seal(second.data(), 16, 4, 1, 2));
    EXPECT_FALSE(std::equal(first.begin() + 8, first.begin() + 24, second.begin() + 8));
    EXPECT_NE(Bytes(first.begin() + 8, first.begin() + 24), Bytes(16, 0));
}

TEST(EspTransform, RefusesWithTheKernelsErrors) {
    EXPECT_EQ(make_transform(aead("rfc4309(ccm(aes))", Bytes(19)), false).error, ENOSYS);
    EXPECT_EQ(make_transform(aead("rfc4106(gcm(aes))", Bytes(19)), false).error, EINVAL);
    EXPECT_EQ(make_transform(aead("rfc4106(gcm(aes))", Bytes(3)), false).error, EINVAL);
    EXPECT_EQ(make_transform(aead("rfc4106(gcm(aes))", Bytes(20), 80), false).error, ENOSYS);
    EXPECT_EQ(make_transform(aead("rfc7539esp(chacha20,poly1305)", Bytes(36), 64), false).error, ENOSYS);
    EXPECT_EQ(make_transform(cipher_and_hmac("blowfish", Bytes(16), "sha1", Bytes(20), 96), false).error, ENOSYS);
    EXPECT_EQ(make_transform(cipher_and_hmac("aes", Bytes(16), "xcbc(aes)", Bytes(16), 96), false).error, ENOSYS);
    EXPECT_EQ(make_transform(cipher_and_hmac("aes", Bytes(15), "sha1", Bytes(20), 96), false).error, EINVAL);
    EXPECT_EQ(make_transform(cipher_and_hmac("aes", Bytes(16), "sha1", Bytes(20), 168), false).error, EINVAL);
    EXPECT_EQ(make_transform(cipher_and_hmac("aes", Bytes(16), "sha1", Bytes(), 96), false).error, EINVAL);
}

TEST(EspTransform, RefusesEncryptionWithoutIntegrity) {
    SaAlgorithms only_cipher;
    only_cipher.cipher = KeyedAlgorithm{"aes", SecretBytes(Bytes(16)), 0};
    EXPECT_EQ(make_transform(only_cipher, false).error, EINVAL);
    EXPECT_EQ(make_transform(SaAlgorithms{}, false).error, EINVAL);
}

}  // namespace
}  // namespace uxfrm
