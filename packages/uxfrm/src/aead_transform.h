#pragma once

#include <array>

#include "esp_transform.h"

namespace uxfrm {

/**
 * What AES-GCM (RFC 4106) and ChaCha20-Poly1305 (RFC 7634) have in common, whoever computes them: 8 byte IV, nonce =
 * salt | IV, additional data = SPI and sequence number.
 */
class AeadTransform : public EspTransform {
protected:
    static constexpr size_t iv_length = 8;
    using Nonce = std::array<uint8_t, aead_salt_length + iv_length>;

    /** RFC 4106 section 5: with ESN the high half stands between SPI and sequence number. */
    struct AdditionalData {
        AdditionalData(const Layout& packet, bool esn);
        std::array<uint8_t, 12> bytes;
        size_t length;
    };

    /** `key` has the salt behind it. */
    AeadTransform(const AeadAlgorithm& algorithm, const SecretBytes& key, size_t icv_length, bool esn);

    /** The sequence number never repeats under a key, so it is a sound IV (RFC 4106 section 3.1). */
    static void write_iv(const Layout& packet);
    Nonce nonce(const Layout& packet) const;

private:
    SecretBytes salt_;
};

}  // namespace uxfrm
