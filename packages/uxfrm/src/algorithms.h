#pragma once

#include <openssl/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bytes.h"

namespace uxfrm {

/** An algorithm as a netlink attribute names it (xfrm_algo, xfrm_algo_auth, xfrm_algo_aead). */
struct KeyedAlgorithm {
    std::string name;
    SecretBytes key;
    /** AEAD: length of the ICV; integrity: truncation; encryption: unused. */
    uint32_t icv_bits = 0;
    /** Length of the key as IKE gave it; the last byte may have bits to spare. */
    uint32_t key_bits = 0;
};

/** The algorithms of one SA: an AEAD alone, or a cipher with an integrity algorithm. */
struct SaAlgorithms {
    std::optional<KeyedAlgorithm> aead;
    std::optional<KeyedAlgorithm> cipher;
    std::optional<KeyedAlgorithm> integrity;

    /** "rfc4106(gcm(aes))-128" and the like, for people. */
    std::string text() const;
};

/** Combined mode cipher; its key is followed by a 4 byte salt (RFC 4106 section 4, RFC 7634 section 2). */
struct AeadAlgorithm {
    const char* name;
    size_t key_length;
    const EVP_CIPHER* (*cipher)();
    /** AES-GCM: the ICV may be short, and there are several implementations. */
    bool gcm;
};

struct CipherAlgorithm {
    const char* name;
    const char* short_name;
    size_t key_length;
    size_t block_length;
    /** Null for NULL encryption (RFC 2410). */
    const EVP_CIPHER* (*cipher)();
};

struct IntegrityAlgorithm {
    const char* name;
    /** The same where there is none. */
    const char* short_name;
    const char* digest;
    uint32_t default_bits;
    uint32_t full_bits;
};

/** Look-ups by the kernel's names (net/xfrm/xfrm_algo.c); null when there is no such algorithm. */
const AeadAlgorithm* find_aead(std::string_view name, size_t key_length);
const CipherAlgorithm* find_cipher(std::string_view name, size_t key_length);
const IntegrityAlgorithm* find_integrity(std::string_view name);
/** "cbc(aes)" for itself and for "aes"; null when there is no such algorithm. */
const char* full_cipher_name(std::string_view name);
/** As xfrm_aead_get_byname, to which every length of the ICV is an algorithm of its own. */
bool aead_known(std::string_view name, uint32_t icv_bits);

inline constexpr size_t aead_salt_length = 4;

}  // namespace uxfrm
