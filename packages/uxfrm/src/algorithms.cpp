#include "algorithms.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace uxfrm {
namespace {

constexpr std::array<AeadAlgorithm, 4> aead_algorithms = {{
    {"rfc4106(gcm(aes))", 16, EVP_aes_128_gcm, true},
    {"rfc4106(gcm(aes))", 24, EVP_aes_192_gcm, true},
    {"rfc4106(gcm(aes))", 32, EVP_aes_256_gcm, true},
    {"rfc7539esp(chacha20,poly1305)", 32, EVP_chacha20_poly1305, false},
}};

constexpr std::array<CipherAlgorithm, 5> cipher_algorithms = {{
    {"cbc(aes)", "aes", 16, 16, EVP_aes_128_cbc},
    {"cbc(aes)", "aes", 24, 16, EVP_aes_192_cbc},
    {"cbc(aes)", "aes", 32, 16, EVP_aes_256_cbc},
    {"cbc(des3_ede)", "des3_ede", 24, 8, EVP_des_ede3_cbc},
    {"ecb(cipher_null)", "cipher_null", 0, 1, nullptr},
}};

constexpr std::array<IntegrityAlgorithm, 5> integrity_algorithms = {{
    {"hmac(md5)", "md5", "MD5", 96, 128},
    {"hmac(sha1)", "sha1", "SHA1", 96, 160},
    {"hmac(sha256)", "sha256", "SHA256", 96, 256},
    {"hmac(sha384)", "hmac(sha384)", "SHA384", 192, 384},
    {"hmac(sha512)", "hmac(sha512)", "SHA512", 256, 512},
}};

template <typename Table, typename Predicate>
auto find_in(const Table& table, Predicate predicate) -> decltype(table.data()) {
    const auto found = std::find_if(table.begin(), table.end(), predicate);
    return found == table.end() ? nullptr : &*found;
}

std::string with_bits(const KeyedAlgorithm& algorithm, size_t bits) {
    return algorithm.name + "-" + std::to_string(bits);
}

}  // namespace

std::string SaAlgorithms::text() const {
    if (aead) return with_bits(*aead, (aead->key.size() - std::min(aead->key.size(), aead_salt_length)) * 8);
    std::string result;
    if (cipher) result = with_bits(*cipher, cipher->key.size() * 8);
    if (integrity) result += (result.empty() ? "" : " ") + with_bits(*integrity, integrity->icv_bits);
    return result;
}

const AeadAlgorithm* find_aead(std::string_view name, size_t key_length) {
    return find_in(aead_algorithms, [&](const AeadAlgorithm& a) { return name == a.name && key_length == a.key_length; });
}

const CipherAlgorithm* find_cipher(std::string_view name, size_t key_length) {
    return find_in(cipher_algorithms, [&](const CipherAlgorithm& a) {
        return (name == a.name || name == a.short_name) && key_length == a.key_length;
    });
}

const IntegrityAlgorithm* find_integrity(std::string_view name) {
    return find_in(integrity_algorithms,
                   [&](const IntegrityAlgorithm& a) { return name == a.name || name == a.short_name; });
}

const char* full_cipher_name(std::string_view name) {
    const CipherAlgorithm* known = find_in(cipher_algorithms, [&](const CipherAlgorithm& a) { return name == a.name || name == a.short_name; });
    return known ? known->name : nullptr;
}

bool aead_known(std::string_view name, uint32_t icv_bits) {
    return find_in(aead_algorithms, [&](const AeadAlgorithm& a) {
        return name == a.name && (icv_bits == 128 || (a.gcm && (icv_bits == 64 || icv_bits == 96)));
    }) != nullptr;
}

}  // namespace uxfrm
