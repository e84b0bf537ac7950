// ESP from the network, RFC 4303: header, replay window and transforms. A forged packet must never open.
#include <cstdlib>
#include <vector>

#include "esp_transform.h"
#include "ipsec_mb.h"
#include "replay_window.h"

using namespace uxfrm;

namespace {

std::vector<std::unique_ptr<EspTransform>> make_all() {
    std::vector<std::unique_ptr<EspTransform>> all;
    const std::vector<uint8_t> key(64, 0x42);
    for (const bool esn : {false, true}) {
        SaAlgorithms gcm;
        gcm.aead = KeyedAlgorithm{"rfc4106(gcm(aes))", SecretBytes(key.data(), 20), 128};
        all.push_back(make_transform(gcm, esn).transform);
        IpsecMb::load();
        all.push_back(make_transform(gcm, esn).transform);
        IpsecMb::unload();
        for (const char* cipher : {"cbc(aes)", "cipher_null"}) {
            SaAlgorithms hmac;
            const bool null = std::string(cipher) == "cipher_null";
            hmac.cipher = KeyedAlgorithm{cipher, null ? SecretBytes() : SecretBytes(key.data(), 16), 0};
            hmac.integrity = KeyedAlgorithm{"hmac(sha256)", SecretBytes(key.data(), 32), 128};
            all.push_back(make_transform(hmac, esn).transform);
        }
    }
    return all;
}

void require(bool condition) {
    if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    static const auto transforms = make_all();
    static ReplayWindow window(64, true);
    if (size < 9) return 0;
    EspTransform& esp = *transforms[data[0] % transforms.size()];
    std::vector<uint8_t> packet(data + 1, data + size);
    const auto sequence = window.check(load_be32(packet.data() + 4));
    if (!sequence) return 0;
    require(!esp.open(packet.data(), packet.size(), *sequence));

    // The same bytes as payload must come back, whatever they are.
    const size_t length = size - 1;
    std::vector<uint8_t> sealed(esp.sealed_length(length));
    std::copy(data + 1, data + size, sealed.begin() + static_cast<long>(esp.payload_offset()));
    require(esp.seal(sealed.data(), length, data[1], 7, *sequence));
    const auto opened = esp.open(sealed.data(), sealed.size(), *sequence);
    require(opened && opened->length == length && std::equal(data + 1, data + size, opened->payload));
    window.advance(*sequence);
    require(!window.check(static_cast<uint32_t>(*sequence)));
    if (window.top() >> 40) window.restore(0, {});
    return 0;
}
