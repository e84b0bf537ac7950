#pragma once

#include <memory>
#include <string>

#include "esp_transform.h"

namespace uxfrm {

/** AES-GCM by libIPSec_MB, an assembler library for x86-64, where the machine has it. Everything else stays with OpenSSL. */
class IpsecMb {
public:
    virtual ~IpsecMb() = default;

    /** Looks for the library; SAs made from now on use it. False when there is none of the version we know. */
    static bool load();
    /** SAs made from now on are OpenSSL's again. */
    static void unload();
    /** Null when it is not loaded. */
    static const IpsecMb* in_use();

    /** "openssl", or "ipsec-mb 1.3.0 avx512" and the like: what SAs made now compute AES-GCM with. */
    static std::string gcm_implementation();

    virtual std::unique_ptr<EspTransform> make_gcm(const AeadAlgorithm& algorithm, const SecretBytes& key, size_t icv_length,
                                                   bool esn) const = 0;
    virtual std::string description() const = 0;
};

}  // namespace uxfrm
