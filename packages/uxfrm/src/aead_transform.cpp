#include "aead_transform.h"

#include <cstring>

namespace uxfrm {

AeadTransform::AdditionalData::AdditionalData(const Layout& packet, bool esn) : length(esn ? 12 : 8) {
    std::memcpy(bytes.data(), packet.header, 4);
    if (esn) store_be32(bytes.data() + 4, static_cast<uint32_t>(packet.sequence >> 32));
    std::memcpy(bytes.data() + length - 4, packet.header + 4, 4);
}

AeadTransform::AeadTransform(const AeadAlgorithm& algorithm, const SecretBytes& key, size_t icv_length, bool esn)
    : EspTransform(iv_length, 1, icv_length, esn), salt_(key.data() + algorithm.key_length, aead_salt_length) {}

void AeadTransform::write_iv(const Layout& packet) { store_be64(packet.iv, packet.sequence); }

AeadTransform::Nonce AeadTransform::nonce(const Layout& packet) const {
    Nonce nonce;
    std::memcpy(nonce.data(), salt_.data(), aead_salt_length);
    std::memcpy(nonce.data() + aead_salt_length, packet.iv, iv_length);
    return nonce;
}

}  // namespace uxfrm
