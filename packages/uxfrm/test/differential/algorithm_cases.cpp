#include <array>

#include "case.h"
#include "requests.h"

namespace uxfrm::differential {
namespace {

constexpr uint32_t spi = 0xc0000001;

/** Installs the SA, reads it and takes it away, whether or not it could be installed. */
void try_sa(Case& wanted, const Message& sa) {
    wanted.add(sa);
    wanted.add(get_sa(spi));
    wanted.add(of_sa(XFRM_MSG_DELSA, htonl(spi), "192.0.2.2"));
}

Case case_of(const std::string& name, const Message& sa) {
    Case wanted{name, {}};
    try_sa(wanted, sa);
    return wanted;
}

void add_aead_cases(std::vector<Case>& cases) {
    for (const unsigned key : {160u, 224u, 288u, 128u, 192u, 256u, 32u, 0u, 161u, 352u})
        for (const unsigned icv : {64u, 96u, 128u})
            cases.push_back(case_of("aes-gcm", with_aead(bare_sa(spi), {"rfc4106(gcm(aes))", key, icv})));
    for (const unsigned icv : {0u, 8u, 32u, 60u, 72u, 104u, 120u, 136u, 256u})
        cases.push_back(case_of("aes-gcm-icv", with_aead(bare_sa(spi), {"rfc4106(gcm(aes))", 160, icv})));
    for (const unsigned key : {288u, 256u, 160u, 320u})
        for (const unsigned icv : {64u, 96u, 128u})
            cases.push_back(case_of("chacha20-poly1305", with_aead(bare_sa(spi), {"rfc7539esp(chacha20,poly1305)", key, icv})));
    for (const char* name : {"", "gcm(aes)", "aes", "rfc4106(gcm(des))", "rfc4309(ccm(aes))", "rfc4543(gcm(aes))"})
        cases.push_back(case_of("aead-name", with_aead(bare_sa(spi), {name, 160, 128})));
}

void add_cipher_cases(std::vector<Case>& cases) {
    const KeyedName sha1 = {"hmac(sha1)", 160, 96};
    for (const char* name : {"cbc(aes)", "aes"})
        for (const unsigned key : {128u, 192u, 256u, 0u, 64u, 120u, 136u, 512u})
            cases.push_back(case_of("aes-cbc", with_truncated_integrity(with_cipher(bare_sa(spi), {name, key}), sha1)));
    for (const char* name : {"cbc(des3_ede)", "des3_ede"})
        for (const unsigned key : {192u, 128u, 64u, 256u, 0u})
            cases.push_back(case_of("3des", with_truncated_integrity(with_cipher(bare_sa(spi), {name, key}), sha1)));
    for (const char* name : {"ecb(cipher_null)", "cipher_null"})
        for (const unsigned key : {0u, 8u, 128u})
            cases.push_back(case_of("null", with_truncated_integrity(with_cipher(bare_sa(spi), {name, key}), sha1)));
    for (const char* name : {"", "null", "cbc(des)", "cbc(camellia)", "rfc3686(ctr(aes))", "hmac(sha1)"})
        cases.push_back(case_of("cipher-name", with_truncated_integrity(with_cipher(bare_sa(spi), {name, 128}), sha1)));
}

void add_integrity_cases(std::vector<Case>& cases) {
    const Message aes = with_cipher(bare_sa(spi), {"cbc(aes)", 128});
    const std::array<KeyedName, 5> algorithms = {
        {{"hmac(md5)", 128, 96}, {"hmac(sha1)", 160, 96}, {"hmac(sha256)", 256, 128}, {"hmac(sha384)", 384, 192}, {"hmac(sha512)", 512, 256}}};
    for (const KeyedName& algorithm : algorithms) {
        cases.push_back(case_of("integrity", with_truncated_integrity(aes, algorithm)));
        cases.push_back(case_of("integrity-default", with_integrity(aes, algorithm)));
        for (const unsigned bits : {0u, 8u, 64u, 80u, 100u, 160u, 256u, 384u, 512u, 520u})
            cases.push_back(case_of("integrity-truncation", with_truncated_integrity(aes, {algorithm.name, algorithm.key_bits, bits})));
        for (const unsigned key : {0u, 8u, 100u, 2048u})
            cases.push_back(case_of("integrity-key", with_truncated_integrity(aes, {algorithm.name, key, algorithm.icv_bits})));
    }
    for (const char* name : {"md5", "sha1", "sha256", "sha384", "sha512", "", "sha224", "digest_null", "xcbc(aes)", "cmac(aes)", "hmac(rmd160)"})
        cases.push_back(case_of("integrity-name", with_truncated_integrity(aes, {name, 128, 96})));
    cases.push_back(case_of("both-integrity-attributes", with_integrity(with_truncated_integrity(aes, algorithms[2]), algorithms[1])));
}

/** Which attributes may stand together. */
void add_combination_cases(std::vector<Case>& cases) {
    const KeyedName gcm = {"rfc4106(gcm(aes))", 160, 128};
    const KeyedName aes = {"cbc(aes)", 128};
    const KeyedName sha1 = {"hmac(sha1)", 160, 96};
    const Message bare = bare_sa(spi);
    for (const Message& sa : {bare, with_cipher(bare, aes), with_truncated_integrity(bare, sha1), with_integrity(bare, sha1),
                              with_cipher(with_aead(bare, gcm), aes), with_truncated_integrity(with_aead(bare, gcm), sha1),
                              with_integrity(with_aead(bare, gcm), sha1), with_cipher(bare, {"cipher_null", 0})})
        cases.push_back(case_of("combination", sa));
    cases.push_back(case_of("compression", gcm_sa(spi).with(XFRMA_ALG_COMP, Bytes(sizeof(xfrm_algo)))));
}

/** A key that is longer than its attribute, and an attribute longer than its key. */
void add_length_cases(std::vector<Case>& cases) {
    for (const uint16_t type : Shorts{XFRMA_ALG_AEAD, XFRMA_ALG_CRYPT, XFRMA_ALG_AUTH_TRUNC, XFRMA_ALG_AUTH}) {
        const KeyedName sha1 = {"hmac(sha1)", 160, 96};
        const Message whole = type == XFRMA_ALG_AEAD ? gcm_sa(spi)
                                                     : with_integrity(with_truncated_integrity(with_cipher(bare_sa(spi), {"cbc(aes)", 128}), sha1), sha1);
        for (const int change : {-21, -20, -1, 1, 4, 40}) {
            Message sa = whole;
            for (auto& [attribute, value] : sa.attributes)
                if (attribute == type) value.resize(static_cast<size_t>(static_cast<int>(value.size()) + change), 0xee);
            cases.push_back(case_of("algorithm-length", sa));
        }
    }
}

}  // namespace

std::vector<Case> written_algorithm_cases() {
    std::vector<Case> cases;
    add_aead_cases(cases);
    add_cipher_cases(cases);
    add_integrity_cases(cases);
    add_combination_cases(cases);
    add_length_cases(cases);
    return cases;
}

}  // namespace uxfrm::differential
