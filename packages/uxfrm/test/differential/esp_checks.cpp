#include "esp_checks.h"

#include <array>

namespace uxfrm::differential {
namespace {

using Algorithms = std::pair<std::string, std::function<Message(const Message&)>>;

std::vector<Algorithms> all_algorithms() {
    std::vector<Algorithms> all;
    for (const unsigned key : {128u, 192u, 256u})
        for (const unsigned icv : {64u, 96u, 128u})
            all.emplace_back("aes-gcm-" + std::to_string(key) + " icv " + std::to_string(icv),
                             [=](const Message& sa) { return with_aead(sa, {"rfc4106(gcm(aes))", key + 32, icv}); });
    all.emplace_back("chacha20-poly1305", [](const Message& sa) { return with_aead(sa, {"rfc7539esp(chacha20,poly1305)", 288, 128}); });
    static constexpr std::array<KeyedName, 5> ciphers = {
        {{"cbc(aes)", 128}, {"cbc(aes)", 192}, {"cbc(aes)", 256}, {"cbc(des3_ede)", 192}, {"ecb(cipher_null)", 0}}};
    static constexpr std::array<KeyedName, 6> integrities = {{{"hmac(md5)", 128, 96},
                                                              {"hmac(sha1)", 160, 96},
                                                              {"hmac(sha256)", 256, 96},
                                                              {"hmac(sha256)", 256, 128},
                                                              {"hmac(sha384)", 384, 192},
                                                              {"hmac(sha512)", 512, 256}}};
    for (const KeyedName& cipher : ciphers)
        for (const KeyedName& integrity : integrities)
            all.emplace_back(std::string(cipher.name) + "-" + std::to_string(cipher.key_bits) + " " + integrity.name + "-" + std::to_string(integrity.icv_bits),
                             [=](const Message& sa) { return with_truncated_integrity(with_cipher(sa, cipher), integrity); });
    return all;
}

/** The largest is what fits the devices' MTU of 1380. */
std::vector<size_t> sizes(bool inner_ipv6) { return {1, 2, 15, 16, 333, inner_ipv6 ? size_t{1332} : size_t{1352}}; }

std::string carries_all(EspWorld& world, const TunnelForm& form) {
    world.make_tunnel(form);
    for (const bool inner_ipv6 : {false, true})
        for (const size_t size : sizes(inner_ipv6))
            for (const End& from : world.ends())
                if (!world.carries(from, size, inner_ipv6))
                    return std::to_string(size) + " bytes of " + (inner_ipv6 ? "IPv6" : "IPv4") + " from " + from.inner_v4 + " did not arrive";
    return "";
}

}  // namespace

TunnelForm plain_form() {
    TunnelForm form;
    form.name = "aes-gcm-128";
    form.algorithms = [](const Message& sa) { return with_aead(sa, {"rfc4106(gcm(aes))", 160, 128}); };
    return form;
}

std::vector<Check> algorithm_checks() {
    std::vector<Check> checks;
    for (const auto& [name, algorithms] : all_algorithms()) {
        // Four forms: with what an algorithm has to do, ESN and UDP have in common only that both must work.
        for (const bool udp : {true, false}) {
            for (const bool esn : {false, true}) {
                TunnelForm form;
                form.name = name + (udp ? " in UDP" : "") + (esn ? " with ESN" : "");
                form.algorithms = algorithms;
                form.udp = udp;
                form.esn = esn;
                checks.push_back({form.name, [form](EspWorld& world) { return carries_all(world, form); }});
                if (name != "aes-gcm-128 icv 128" && name != "cbc(aes)-256 hmac(sha512)-256") continue;
                form.outer_ipv6 = true;
                checks.push_back({form.name + " over IPv6", [form](EspWorld& world) { return carries_all(world, form); }});
            }
        }
    }
    return checks;
}

}  // namespace uxfrm::differential
