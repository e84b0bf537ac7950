#include "esp_transform.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "aead_transform.h"
#include "ipsec_mb.h"

namespace uxfrm {
namespace {

struct CipherContextDeleter {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, CipherContextDeleter>;

struct MacContextDeleter {
    void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
};
using MacContext = std::unique_ptr<EVP_MAC_CTX, MacContextDeleter>;

constexpr size_t round_up(size_t value, size_t multiple) { return (value + multiple - 1) / multiple * multiple; }

/** An SA works in one direction only, so each context is made at its first use. */
CipherContext make_cipher_context(const EVP_CIPHER* cipher, const uint8_t* key, bool encrypt) {
    CipherContext context(EVP_CIPHER_CTX_new());
    if (!context || EVP_CipherInit_ex(context.get(), cipher, nullptr, key, nullptr, encrypt) != 1) return nullptr;
    // Block padding would hold the last block back; for modes without it the setting would only cost time at every IV.
    if (EVP_CIPHER_get_block_size(cipher) > 1) EVP_CIPHER_CTX_set_padding(context.get(), 0);
    return context;
}

/** Any combined mode cipher, by OpenSSL. */
class OpenSslAead final : public AeadTransform {
public:
    OpenSslAead(const AeadAlgorithm& algorithm, const SecretBytes& key, size_t icv_length, bool esn)
        : AeadTransform(algorithm, key, icv_length, esn), cipher_(algorithm.cipher()), key_(key.data(), algorithm.key_length) {}

private:
    bool protect(const Layout& packet) override {
        write_iv(packet);
        EVP_CIPHER_CTX* context = begin(encrypt_, true, packet);
        const auto text_length = static_cast<int>(packet.text_length);
        int written = 0;
        return context && EVP_CipherUpdate(context, packet.text, &written, packet.text, text_length) == 1 &&
               EVP_CipherFinal_ex(context, packet.text + written, &written) == 1 &&
               EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, static_cast<int>(icv_length_), packet.icv) == 1;
    }

    bool unprotect(const Layout& packet) override {
        EVP_CIPHER_CTX* context = begin(decrypt_, false, packet);
        const auto text_length = static_cast<int>(packet.text_length);
        int written = 0;
        return context && EVP_CipherUpdate(context, packet.text, &written, packet.text, text_length) == 1 &&
               EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(icv_length_), packet.icv) == 1 &&
               EVP_CipherFinal_ex(context, packet.text + written, &written) == 1;
    }

    /** Nonce and additional data; null when something failed. */
    EVP_CIPHER_CTX* begin(CipherContext& context, bool encrypt, const Layout& packet) const {
        if (!context) context = make_cipher_context(cipher_, key_.data(), encrypt);
        if (!context || EVP_CipherInit_ex(context.get(), nullptr, nullptr, nullptr, nonce(packet).data(), -1) != 1) return nullptr;
        const AdditionalData aad(packet, esn_);
        int written = 0;
        const bool fed = EVP_CipherUpdate(context.get(), nullptr, &written, aad.bytes.data(), static_cast<int>(aad.length)) == 1;
        return fed ? context.get() : nullptr;
    }

    const EVP_CIPHER* cipher_;
    SecretBytes key_;
    CipherContext encrypt_;
    CipherContext decrypt_;
};

/** CBC (RFC 3602, RFC 2451) or NULL (RFC 2410) encryption, then HMAC (RFC 2403, 2404, 4868) over all of it. */
class CbcHmacTransform final : public EspTransform {
public:
    CbcHmacTransform(const CipherAlgorithm& cipher, const SecretBytes& cipher_key, MacContext mac, size_t icv_length,
                     bool esn)
        : EspTransform(cipher.cipher ? cipher.block_length : 0, cipher.block_length, icv_length, esn),
          cipher_(cipher),
          key_(cipher_key.data(), cipher_key.size()),
          mac_(std::move(mac)) {
        if (RAND_bytes(iv_salt_.data(), static_cast<int>(iv_salt_.size())) != 1) iv_salt_ok_ = false;
    }

private:
    static constexpr size_t max_block = 16;
    static constexpr size_t max_mac = 64;

    bool protect(const Layout& packet) override {
        return encrypt(packet) && compute_icv(packet, packet.icv);
    }

    bool unprotect(const Layout& packet) override {
        std::array<uint8_t, max_mac> expected;
        if (!compute_icv(packet, expected.data())) return false;
        if (CRYPTO_memcmp(expected.data(), packet.icv, icv_length_) != 0) return false;
        return decrypt(packet);
    }

    /**
     * The IV must be unpredictable. It is the encryption of a nonce under the same key (NIST SP 800-38A
     * appendix C): a zero IV and the nonce as an extra first block give exactly that as first ciphertext block.
     */
    bool encrypt(const Layout& packet) {
        if (!cipher_.cipher) return true;
        if (!iv_salt_ok_) return false;
        if (!encrypt_) encrypt_ = make_cipher_context(cipher_.cipher(), key_.data(), true);
        if (!encrypt_) return false;
        write_nonce(packet);
        static constexpr std::array<uint8_t, max_block> zero_iv{};
        int written = 0;
        return EVP_CipherInit_ex(encrypt_.get(), nullptr, nullptr, nullptr, zero_iv.data(), -1) == 1 &&
               EVP_CipherUpdate(encrypt_.get(), packet.iv, &written, packet.iv,
                                static_cast<int>(iv_length_ + packet.text_length)) == 1;
    }

    bool decrypt(const Layout& packet) {
        if (!cipher_.cipher) return true;
        if (!decrypt_) decrypt_ = make_cipher_context(cipher_.cipher(), key_.data(), false);
        int written = 0;
        return decrypt_ && EVP_CipherInit_ex(decrypt_.get(), nullptr, nullptr, nullptr, packet.iv, -1) == 1 &&
               EVP_CipherUpdate(decrypt_.get(), packet.text, &written, packet.text,
                                static_cast<int>(packet.text_length)) == 1;
    }

    void write_nonce(const Layout& packet) {
        std::memcpy(packet.iv, iv_salt_.data(), iv_length_);
        std::array<uint8_t, 8> counter;
        store_be64(counter.data(), packet.sequence);
        uint8_t* low = packet.iv + iv_length_ - counter.size();
        for (size_t i = 0; i < counter.size(); ++i) low[i] = static_cast<uint8_t>(low[i] ^ counter[i]);
    }

    /** RFC 4303 section 2.2.1: with ESN the high half is appended to what is authenticated, but not sent. */
    bool compute_icv(const Layout& packet, uint8_t* icv) {
        std::array<uint8_t, max_mac> full;
        size_t full_length = 0;
        if (EVP_MAC_init(mac_.get(), nullptr, 0, nullptr) != 1 ||
            EVP_MAC_update(mac_.get(), packet.header, esp_header_length + iv_length_ + packet.text_length) != 1)
            return false;
        if (esn_) {
            std::array<uint8_t, 4> high;
            store_be32(high.data(), static_cast<uint32_t>(packet.sequence >> 32));
            if (EVP_MAC_update(mac_.get(), high.data(), high.size()) != 1) return false;
        }
        if (EVP_MAC_final(mac_.get(), full.data(), &full_length, full.size()) != 1 || full_length < icv_length_)
            return false;
        std::memcpy(icv, full.data(), icv_length_);
        return true;
    }

    const CipherAlgorithm& cipher_;
    SecretBytes key_;
    MacContext mac_;
    std::array<uint8_t, max_block> iv_salt_{};
    bool iv_salt_ok_ = true;
    CipherContext encrypt_;
    CipherContext decrypt_;
};

TransformResult failure(int error) { return {nullptr, error}; }

TransformResult make_aead(const KeyedAlgorithm& keyed, bool esn) {
    if (!aead_known(keyed.name, keyed.icv_bits)) return failure(ENOSYS);
    if (keyed.key.size() <= aead_salt_length) return failure(EINVAL);
    const AeadAlgorithm* algorithm = find_aead(keyed.name, keyed.key.size() - aead_salt_length);
    if (!algorithm) return failure(EINVAL);
    const size_t icv_length = keyed.icv_bits / 8;
    if (algorithm->gcm && IpsecMb::in_use()) return {IpsecMb::in_use()->make_gcm(*algorithm, keyed.key, icv_length, esn), 0};
    return {std::make_unique<OpenSslAead>(*algorithm, keyed.key, icv_length, esn), 0};
}

MacContext make_hmac(const IntegrityAlgorithm& algorithm, const SecretBytes& key) {
    EVP_MAC* hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    if (!hmac) return nullptr;
    MacContext context(EVP_MAC_CTX_new(hmac));
    EVP_MAC_free(hmac);
    if (!context) return nullptr;
    std::string digest = algorithm.digest;
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_end(),
    };
    if (EVP_MAC_init(context.get(), key.data(), key.size(), parameters) != 1) return nullptr;
    return context;
}

TransformResult make_cipher_and_integrity(const KeyedAlgorithm& cipher, const KeyedAlgorithm& integrity, bool esn) {
    if (!full_cipher_name(cipher.name)) return failure(ENOSYS);
    const CipherAlgorithm* cipher_algorithm = find_cipher(cipher.name, cipher.key.size());
    if (!cipher_algorithm) return failure(EINVAL);
    const IntegrityAlgorithm* integrity_algorithm = find_integrity(integrity.name);
    if (!integrity_algorithm) return failure(ENOSYS);
    const uint32_t bits = integrity.icv_bits;
    // The kernel would take shorter ICVs. It cuts bits off that do not fill a byte.
    if (bits < 96 || bits > integrity_algorithm->full_bits || integrity.key.size() == 0) return failure(EINVAL);
    MacContext mac = make_hmac(*integrity_algorithm, integrity.key);
    if (!mac) return failure(ENOSYS);
    return {std::make_unique<CbcHmacTransform>(*cipher_algorithm, cipher.key, std::move(mac), bits / 8, esn), 0};
}

}  // namespace

EspTransform::EspTransform(size_t iv_length, size_t block_length, size_t icv_length, bool esn)
    : iv_length_(iv_length), alignment_(std::max<size_t>(block_length, 4)), icv_length_(icv_length), esn_(esn) {}

size_t EspTransform::sealed_length(size_t payload_length) const {
    return payload_offset() + round_up(payload_length + esp_trailer_length, alignment_) + icv_length_;
}

size_t EspTransform::payload_capacity(size_t esp_length) const {
    const size_t fixed = payload_offset() + icv_length_;
    if (esp_length < fixed + alignment_) return 0;
    return (esp_length - fixed) / alignment_ * alignment_ - esp_trailer_length;
}

bool EspTransform::seal(uint8_t* packet, size_t payload_length, uint8_t next_header, uint32_t spi, uint64_t sequence) {
    std::memcpy(packet, &spi, sizeof(spi));
    store_be32(packet + 4, static_cast<uint32_t>(sequence));
    uint8_t* text = packet + payload_offset();
    const size_t text_length = round_up(payload_length + esp_trailer_length, alignment_);
    const size_t padding = text_length - esp_trailer_length - payload_length;
    uint8_t* tail = text + payload_length;
    for (size_t i = 0; i < padding; ++i) tail[i] = static_cast<uint8_t>(i + 1);  // RFC 4303 section 2.4
    tail[padding] = static_cast<uint8_t>(padding);
    tail[padding + 1] = next_header;
    return protect({packet, packet + esp_header_length, text, text_length, text + text_length, sequence});
}

std::optional<OpenedEsp> EspTransform::open(uint8_t* packet, size_t length, uint64_t sequence) {
    const size_t fixed = payload_offset() + icv_length_;
    if (length < fixed + alignment_) return std::nullopt;
    const size_t text_length = length - fixed;
    if (text_length % alignment_ != 0) return std::nullopt;
    uint8_t* text = packet + payload_offset();
    if (!unprotect({packet, packet + esp_header_length, text, text_length, text + text_length, sequence}))
        return std::nullopt;
    const size_t padding = text[text_length - 2];
    if (padding + esp_trailer_length > text_length) return std::nullopt;
    return OpenedEsp{text, text_length - esp_trailer_length - padding, text[text_length - 1]};
}

TransformResult make_transform(const SaAlgorithms& algorithms, bool esn) {
    if (algorithms.aead) {
        if (algorithms.cipher || algorithms.integrity) return failure(EINVAL);
        return make_aead(*algorithms.aead, esn);
    }
    // ESP without integrity protection is refused: RFC 8221 section 4.
    if (!algorithms.cipher || !algorithms.integrity) return failure(EINVAL);
    return make_cipher_and_integrity(*algorithms.cipher, *algorithms.integrity, esn);
}

}  // namespace uxfrm
