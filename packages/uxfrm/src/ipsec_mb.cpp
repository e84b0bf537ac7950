#include "ipsec_mb.h"

#ifdef UXFRM_IPSEC_MB
#include <dlfcn.h>
#include <intel-ipsec-mb.h>
#include <openssl/crypto.h>

#include "aead_transform.h"
#endif

namespace uxfrm {
namespace {

std::unique_ptr<IpsecMb> loaded;

#ifdef UXFRM_IPSEC_MB

using Library = std::shared_ptr<void>;

template <typename Function>
Function* symbol(const Library& library, const char* name) {
    return reinterpret_cast<Function*>(dlsym(library.get(), name));
}

/** The functions of one key length. */
struct GcmFunctions {
    aes_gcm_pre_t expand;
    aes_gcm_enc_dec_t encrypt;
    aes_gcm_enc_dec_t decrypt;
};

class IpsecMbGcm final : public AeadTransform {
public:
    IpsecMbGcm(Library library, const GcmFunctions& functions, const AeadAlgorithm& algorithm, const SecretBytes& key,
               size_t icv_length, bool esn)
        : AeadTransform(algorithm, key, icv_length, esn), library_(std::move(library)), functions_(functions) {
        functions_.expand(key.data(), &key_);
    }
    ~IpsecMbGcm() override {
        OPENSSL_cleanse(&key_, sizeof(key_));
        OPENSSL_cleanse(&context_, sizeof(context_));
    }

private:
    bool protect(const Layout& packet) override {
        write_iv(packet);
        run(functions_.encrypt, packet, packet.icv);
        return true;
    }

    bool unprotect(const Layout& packet) override {
        std::array<uint8_t, 16> expected;
        run(functions_.decrypt, packet, expected.data());
        return CRYPTO_memcmp(expected.data(), packet.icv, icv_length_) == 0;
    }

    void run(aes_gcm_enc_dec_t function, const Layout& packet, uint8_t* icv) {
        const AdditionalData aad(packet, esn_);
        function(&key_, &context_, packet.text, packet.text, packet.text_length, nonce(packet).data(), aad.bytes.data(),
                 aad.length, icv, icv_length_);
    }

    const Library library_;
    const GcmFunctions functions_;
    alignas(64) gcm_key_data key_{};
    gcm_context_data context_{};
};

std::string architecture_name(IMB_ARCH architecture) {
    switch (architecture) {
        case IMB_ARCH_SSE: return "sse";
        case IMB_ARCH_AVX: return "avx";
        case IMB_ARCH_AVX2: return "avx2";
        case IMB_ARCH_AVX512: return "avx512";
        default: return "";
    }
}

class LoadedIpsecMb final : public IpsecMb {
public:
    /** Null when something is missing. Structures are those of one minor version. */
    static std::unique_ptr<IpsecMb> open() {
        const Library library(dlopen("libIPSec_MB.so.1", RTLD_NOW | RTLD_LOCAL), [](void* handle) {
            if (handle) dlclose(handle);
        });
        if (!library) return nullptr;
        const auto version = symbol<decltype(imb_get_version)>(library, "imb_get_version");
        const auto allocate = symbol<decltype(alloc_mb_mgr)>(library, "alloc_mb_mgr");
        const auto initialise = symbol<decltype(init_mb_mgr_auto)>(library, "init_mb_mgr_auto");
        const auto release = symbol<decltype(free_mb_mgr)>(library, "free_mb_mgr");
        if (!version || version() >> 8 != IMB_VERSION_NUM >> 8 || !allocate || !initialise || !release) return nullptr;
        IMB_MGR* manager = allocate(0);
        if (!manager) return nullptr;
        IMB_ARCH architecture = IMB_ARCH_NONE;
        initialise(manager, &architecture);
        std::unique_ptr<LoadedIpsecMb> result;
        if (!architecture_name(architecture).empty()) result.reset(new LoadedIpsecMb(library, *manager, version(), architecture));
        release(manager);
        return result;
    }

    std::unique_ptr<EspTransform> make_gcm(const AeadAlgorithm& algorithm, const SecretBytes& key, size_t icv_length,
                                           bool esn) const override {
        const GcmFunctions& functions = algorithm.key_length == 16 ? gcm128_ : algorithm.key_length == 24 ? gcm192_ : gcm256_;
        return std::make_unique<IpsecMbGcm>(library_, functions, algorithm, key, icv_length, esn);
    }

    std::string description() const override { return description_; }

private:
    LoadedIpsecMb(Library library, const IMB_MGR& manager, unsigned version, IMB_ARCH architecture)
        : library_(std::move(library)),
          gcm128_{manager.gcm128_pre, manager.gcm128_enc, manager.gcm128_dec},
          gcm192_{manager.gcm192_pre, manager.gcm192_enc, manager.gcm192_dec},
          gcm256_{manager.gcm256_pre, manager.gcm256_enc, manager.gcm256_dec},
          description_("ipsec-mb " + std::to_string(version >> 16) + "." + std::to_string(version >> 8 & 0xff) + "." +
                       std::to_string(version & 0xff) + " " + architecture_name(architecture)) {}

    const Library library_;
    const GcmFunctions gcm128_, gcm192_, gcm256_;
    const std::string description_;
};

#endif

}  // namespace

bool IpsecMb::load() {
#ifdef UXFRM_IPSEC_MB
    loaded = LoadedIpsecMb::open();
#endif
    return loaded != nullptr;
}

void IpsecMb::unload() { loaded.reset(); }

const IpsecMb* IpsecMb::in_use() { return loaded.get(); }

std::string IpsecMb::gcm_implementation() { return loaded ? loaded->description() : "openssl"; }

}  // namespace uxfrm
