#include "requests.h"

#include <arpa/inet.h>

#include <cstring>

namespace uxfrm::differential {
namespace {

uint16_t family_of(const std::string& text) { return text.find(':') == std::string::npos ? AF_INET : AF_INET6; }

template <typename Header>
Bytes algorithm(Header header, const KeyedName& keyed) {
    std::strncpy(header.alg_name, keyed.name, sizeof(header.alg_name) - 1);
    header.alg_key_len = keyed.key_bits;
    Bytes key((keyed.key_bits + 7) / 8);
    for (size_t i = 0; i < key.size(); ++i) key[i] = static_cast<uint8_t>(i * 29 + 1);
    return bytes_of(header) + key;
}

}  // namespace

xfrm_address_t address_of(const std::string& text) {
    xfrm_address_t address{};
    inet_pton(family_of(text), text.c_str(), &address);
    return address;
}

Message new_sa(uint32_t spi, const std::string& source, const std::string& destination) {
    xfrm_usersa_info info{};
    info.id.daddr = address_of(destination);
    info.id.spi = spi;
    info.id.proto = IPPROTO_ESP;
    info.saddr = address_of(source);
    info.family = family_of(destination);
    info.reqid = 1;
    info.mode = XFRM_MODE_TUNNEL;
    info.flags = XFRM_STATE_AF_UNSPEC;
    info.replay_window = 32;
    info.lft.soft_byte_limit = info.lft.hard_byte_limit = ~uint64_t{0};
    info.lft.soft_packet_limit = info.lft.hard_packet_limit = ~uint64_t{0};
    info.lft.soft_add_expires_seconds = 3000;
    info.lft.hard_add_expires_seconds = 3600;
    return Message::of(XFRM_MSG_NEWSA, info);
}

Message bare_sa(uint32_t spi) { return new_sa(htonl(spi), "192.0.2.1", "192.0.2.2"); }

Message gcm_sa(uint32_t spi) { return with_aead(bare_sa(spi), {"rfc4106(gcm(aes))", 160, 128}); }

Message with_aead(const Message& sa, const KeyedName& keyed) {
    xfrm_algo_aead header{};
    header.alg_icv_len = keyed.icv_bits;
    return sa.with(XFRMA_ALG_AEAD, algorithm(header, keyed));
}

Message with_cipher(const Message& sa, const KeyedName& keyed) { return sa.with(XFRMA_ALG_CRYPT, algorithm(xfrm_algo{}, keyed)); }

Message with_integrity(const Message& sa, const KeyedName& keyed) { return sa.with(XFRMA_ALG_AUTH, algorithm(xfrm_algo{}, keyed)); }

Message with_truncated_integrity(const Message& sa, const KeyedName& keyed) {
    xfrm_algo_auth header{};
    header.alg_trunc_len = keyed.icv_bits;
    return sa.with(XFRMA_ALG_AUTH_TRUNC, algorithm(header, keyed));
}

Message with_udp(const Message& sa, uint16_t type) {
    xfrm_encap_tmpl encapsulation{};
    encapsulation.encap_type = type;
    encapsulation.encap_sport = encapsulation.encap_dport = htons(4500);
    return sa.with(XFRMA_ENCAP, encapsulation);
}

Message with_esn_window(const Message& sa, uint32_t window, uint32_t words, bool esn) {
    xfrm_replay_state_esn state{};
    state.bmp_len = words;
    state.replay_window = window;
    Message result = sa.with(XFRMA_REPLAY_ESN_VAL, bytes_of(state) + Bytes(words * sizeof(uint32_t)));
    auto& info = result.as<xfrm_usersa_info>();
    info.replay_window = 0;
    if (esn) info.flags |= XFRM_STATE_ESN;
    return result;
}

Message of_sa(uint16_t type, uint32_t spi, const std::string& destination) {
    xfrm_usersa_id id{};
    id.daddr = address_of(destination);
    id.spi = spi;
    id.family = family_of(destination);
    id.proto = IPPROTO_ESP;
    return Message::of(type, id);
}

Message get_sa(uint32_t spi) { return of_sa(XFRM_MSG_GETSA, htonl(spi), "192.0.2.2"); }

Message get_replay(uint32_t spi, uint32_t flags) {
    xfrm_aevent_id event{};
    event.sa_id = of_sa(XFRM_MSG_GETSA, htonl(spi), "192.0.2.2").as<xfrm_usersa_id>();
    event.flags = flags;
    return Message::of(XFRM_MSG_GETAE, event);
}

Message allocate_spi(uint32_t min, uint32_t max, uint32_t reqid) {
    xfrm_userspi_info request{};
    request.info.id.daddr = address_of("192.0.2.1");
    request.info.saddr = address_of("192.0.2.2");
    request.info.id.proto = IPPROTO_ESP;
    request.info.family = AF_INET;
    request.info.mode = XFRM_MODE_TUNNEL;
    request.info.reqid = reqid;
    request.min = min;
    request.max = max;
    return Message::of(XFRM_MSG_ALLOCSPI, request);
}

Message new_policy(uint8_t direction, const std::string& source, uint8_t source_bits, const std::string& destination,
                   uint8_t destination_bits) {
    xfrm_userpolicy_info info{};
    info.sel.family = family_of(source);
    info.sel.saddr = address_of(source);
    info.sel.daddr = address_of(destination);
    info.sel.prefixlen_s = source_bits;
    info.sel.prefixlen_d = destination_bits;
    info.dir = direction;
    info.priority = 1000;
    info.lft.soft_byte_limit = info.lft.hard_byte_limit = ~uint64_t{0};
    info.lft.soft_packet_limit = info.lft.hard_packet_limit = ~uint64_t{0};
    return Message::of(XFRM_MSG_NEWPOLICY, info);
}

Message tunnel_policy() {
    return new_policy(XFRM_POLICY_OUT, "10.0.0.0", 8, "10.128.0.0", 9).with(XFRMA_TMPL, esp_tunnel("192.0.2.1", "192.0.2.2"));
}

xfrm_user_tmpl esp_tunnel(const std::string& source, const std::string& destination) {
    xfrm_user_tmpl tunnel{};
    tunnel.id.daddr = address_of(destination);
    tunnel.id.proto = IPPROTO_ESP;
    tunnel.saddr = address_of(source);
    tunnel.family = family_of(source);
    tunnel.reqid = 1;
    tunnel.mode = XFRM_MODE_TUNNEL;
    tunnel.aalgos = tunnel.ealgos = tunnel.calgos = ~0u;
    return tunnel;
}

Message of_policy(uint16_t type, const Message& policy) {
    Message copy = policy;
    const auto& info = copy.as<xfrm_userpolicy_info>();
    xfrm_userpolicy_id id{};
    id.sel = info.sel;
    id.dir = info.dir;
    Message result = Message::of(type, id);
    for (const auto& [attribute, value] : policy.attributes)
        if (attribute == XFRMA_IF_ID || attribute == XFRMA_MARK) result = result.with(attribute, value);
    return result;
}

Message of_policy_index(uint16_t type, uint32_t index, uint8_t direction) {
    xfrm_userpolicy_id id{};
    id.index = index;
    id.dir = direction;
    return Message::of(type, id);
}

Message dump_sas() {
    Message dump;
    dump.type = XFRM_MSG_GETSA;
    dump.flags = NLM_F_REQUEST | NLM_F_DUMP;
    return dump;
}

Message dump_policies() { return dump_sas().with_type(XFRM_MSG_GETPOLICY); }

Message sad_info() { return Message::of(XFRM_MSG_GETSADINFO, ~uint32_t{0}); }

Message spd_info() { return Message::of(XFRM_MSG_GETSPDINFO, ~uint32_t{0}); }

Message flush_sas(uint8_t protocol) { return Message::of(XFRM_MSG_FLUSHSA, xfrm_usersa_flush{protocol}); }

Message flush_policies() {
    Message flush;
    flush.type = XFRM_MSG_FLUSHPOLICY;
    return flush;
}

}  // namespace uxfrm::differential
