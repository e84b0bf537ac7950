#include "struct_text.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace uxfrm::differential {
namespace {

constexpr std::array<const char*, 34> attribute_names = {
    "UNSPEC",   "ALG_AUTH",   "ALG_CRYPT",     "ALG_COMP",     "ENCAP",       "TMPL",    "SA",         "POLICY",      "SEC_CTX",
    "LTIME",    "REPLAY",     "REPLAY_THRESH", "ETIMER",       "SRCADDR",     "COADDR",  "LASTUSED",   "POLICY_TYPE", "MIGRATE",
    "ALG_AEAD", "KMADDRESS",  "AUTH_TRUNC",    "MARK",         "TFCPAD",      "ESN",     "EXTRA_FLAGS", "PROTO",      "ADDRESS_FILTER",
    "PAD",      "OFFLOAD",    "SET_MARK",      "SET_MARK_MASK", "IF_ID",      "MTIMER",  "SA_DIR"};

std::string number(uint64_t value) { return value == ~uint64_t{0} ? "inf" : std::to_string(value); }
std::string pair(uint64_t soft, uint64_t hard) { return number(soft) + "/" + number(hard); }
std::string time_text(uint64_t time) { return time == 0 ? "0" : "set"; }

std::string address_text(uint16_t family, const xfrm_address_t& address) {
    char text[INET6_ADDRSTRLEN] = "";
    if (family == AF_INET || family == AF_INET6) return inet_ntop(family, &address, text, sizeof(text));
    return hex_text({reinterpret_cast<const uint8_t*>(&address), sizeof(address)});
}

std::string limits_text(const xfrm_lifetime_cfg& lft) {
    return "bytes " + pair(lft.soft_byte_limit, lft.hard_byte_limit) + " packets " + pair(lft.soft_packet_limit, lft.hard_packet_limit) +
           " add " + pair(lft.soft_add_expires_seconds, lft.hard_add_expires_seconds) + " use " +
           pair(lft.soft_use_expires_seconds, lft.hard_use_expires_seconds);
}

std::string usage_text(const xfrm_lifetime_cur& cur) {
    return "bytes " + number(cur.bytes) + " packets " + number(cur.packets) + " add " + time_text(cur.add_time) + " use " +
           time_text(cur.use_time);
}

std::string name_text(const char (&name)[64]) { return std::string(name, strnlen(name, sizeof(name))); }

std::string key_text(const std::string& name, unsigned bits, ByteView rest) {
    return name + " " + std::to_string(bits) + " " + hex_text(rest);
}

template <typename T>
bool read(ByteView& value, T& header) {
    if (value.size < sizeof(T)) return false;
    std::memcpy(&header, value.data, sizeof(T));
    value = {value.data + sizeof(T), value.size - sizeof(T)};
    return true;
}

std::string templates_text(ByteView value) {
    std::string text;
    xfrm_user_tmpl raw;
    while (read(value, raw)) {
        text += "[" + address_text(raw.family, raw.saddr) + ">" + address_text(raw.family, raw.id.daddr) + " proto " +
                std::to_string(raw.id.proto) + " spi " + std::to_string(ntohl(raw.id.spi)) + " family " + std::to_string(raw.family) +
                " reqid " + std::to_string(raw.reqid) + " mode " + std::to_string(raw.mode) + " share " + std::to_string(raw.share) +
                " optional " + std::to_string(raw.optional) + " algos " + std::to_string(raw.aalgos) + "," +
                std::to_string(raw.ealgos) + "," + std::to_string(raw.calgos) + "]";
    }
    return text + (value.size != 0 ? " and " + std::to_string(value.size) + " bytes" : "");
}

std::string attribute_text(uint16_t type, ByteView value) {
    ByteView rest = value;
    xfrm_algo algorithm;
    xfrm_algo_auth integrity;
    xfrm_algo_aead aead;
    xfrm_lifetime_cur usage;
    uint64_t time = 0;
    switch (type) {
        case XFRMA_ALG_AUTH:
        case XFRMA_ALG_CRYPT:
        case XFRMA_ALG_COMP:
            if (read(rest, algorithm)) return key_text(name_text(algorithm.alg_name), algorithm.alg_key_len, rest);
            break;
        case XFRMA_ALG_AUTH_TRUNC:
            if (read(rest, integrity))
                return key_text(name_text(integrity.alg_name) + "/" + std::to_string(integrity.alg_trunc_len), integrity.alg_key_len, rest);
            break;
        case XFRMA_ALG_AEAD:
            if (read(rest, aead))
                return key_text(name_text(aead.alg_name) + "/" + std::to_string(aead.alg_icv_len), aead.alg_key_len, rest);
            break;
        case XFRMA_LTIME_VAL:
            if (read(rest, usage)) return usage_text(usage);
            break;
        case XFRMA_LASTUSED:
            if (read(rest, time)) return time_text(time);
            break;
        case XFRMA_TMPL: return templates_text(value);
        default: break;
    }
    return hex_text(value);
}

/** Sizes of hash tables are nobody's business. */
bool is_table_size(uint16_t message_type, uint16_t type) {
    return (message_type == XFRM_MSG_NEWSADINFO && type == XFRMA_SAD_HINFO) || (message_type == XFRM_MSG_NEWSPDINFO && type == XFRMA_SPD_HINFO);
}

}  // namespace

std::string hex_text(ByteView bytes) {
    std::string text;
    for (size_t i = 0; i < bytes.size; ++i) {
        text += "0123456789abcdef"[bytes.data[i] >> 4];
        text += "0123456789abcdef"[bytes.data[i] & 15];
    }
    return text.empty() ? "-" : text;
}

std::string selector_text(const xfrm_selector& selector) {
    return address_text(selector.family, selector.saddr) + "/" + std::to_string(selector.prefixlen_s) + ">" +
           address_text(selector.family, selector.daddr) + "/" + std::to_string(selector.prefixlen_d) + " family " +
           std::to_string(selector.family) + " proto " + std::to_string(selector.proto) + " ports " +
           std::to_string(ntohs(selector.sport)) + "&" + std::to_string(ntohs(selector.sport_mask)) + ">" +
           std::to_string(ntohs(selector.dport)) + "&" + std::to_string(ntohs(selector.dport_mask)) + " device " +
           std::to_string(selector.ifindex) + " user " + std::to_string(selector.user);
}

std::string id_text(const xfrm_usersa_id& id, const Names& names) {
    return address_text(id.family, id.daddr) + " proto " + std::to_string(id.proto) + " spi " + names.spi_text(id.spi) + " family " +
           std::to_string(id.family);
}

std::string sa_identity_text(const xfrm_usersa_info& info, const Names& names) {
    return address_text(info.family, info.id.daddr) + " proto " + std::to_string(info.id.proto) + " spi " + names.spi_text(info.id.spi);
}

void add_sa_info(const xfrm_usersa_info& info, const Names& names, std::vector<Field>& fields) {
    fields.push_back({"sel", selector_text(info.sel)});
    fields.push_back({"id", sa_identity_text(info, names)});
    fields.push_back({"source", address_text(info.family, info.saddr)});
    fields.push_back({"limits", limits_text(info.lft)});
    fields.push_back({"usage", usage_text(info.curlft)});
    fields.push_back({"stats", std::to_string(info.stats.replay_window) + "," + std::to_string(info.stats.replay) + "," +
                                   std::to_string(info.stats.integrity_failed)});
    fields.push_back({"seq", std::to_string(info.seq)});
    fields.push_back({"reqid", std::to_string(info.reqid)});
    fields.push_back({"family", std::to_string(info.family)});
    fields.push_back({"mode", std::to_string(info.mode)});
    fields.push_back({"window", std::to_string(info.replay_window)});
    fields.push_back({"saflags", std::to_string(info.flags)});
}

void add_policy_info(const xfrm_userpolicy_info& info, const Names& names, std::vector<Field>& fields) {
    fields.push_back({"sel", selector_text(info.sel)});
    fields.push_back({"limits", limits_text(info.lft)});
    fields.push_back({"usage", usage_text(info.curlft)});
    fields.push_back({"priority", std::to_string(info.priority)});
    fields.push_back({"index", info.index == 0 ? "0" : names.index_text(info.index)});
    fields.push_back({"dir", std::to_string(info.dir)});
    fields.push_back({"action", std::to_string(info.action)});
    fields.push_back({"policyflags", std::to_string(info.flags)});
    fields.push_back({"share", std::to_string(info.share)});
}

void add_policy_id(const xfrm_userpolicy_id& id, const Names& names, std::vector<Field>& fields) {
    fields.push_back({"sel", selector_text(id.sel)});
    fields.push_back({"index", id.index == 0 ? "0" : names.index_text(id.index)});
    fields.push_back({"dir", std::to_string(id.dir)});
}

void add_aevent(const xfrm_aevent_id& event, const Names& names, std::vector<Field>& fields) {
    fields.push_back({"id", id_text(event.sa_id, names)});
    fields.push_back({"source", address_text(event.sa_id.family, event.saddr)});
    fields.push_back({"what", std::to_string(event.flags)});
    fields.push_back({"reqid", std::to_string(event.reqid)});
}

void add_mapping(const xfrm_user_mapping& mapping, const Names& names, std::vector<Field>& fields) {
    const auto end = [&](const xfrm_address_t& address, uint16_t port) { return address_text(mapping.id.family, address) + " " + std::to_string(ntohs(port)); };
    fields.push_back({"id", id_text(mapping.id, names)});
    fields.push_back({"reqid", std::to_string(mapping.reqid)});
    fields.push_back({"old", end(mapping.old_saddr, mapping.old_sport)});
    fields.push_back({"new", end(mapping.new_saddr, mapping.new_sport)});
}

Field attribute_field(uint16_t message_type, uint16_t type, ByteView value) {
    if (is_table_size(message_type, type)) return {"table", std::to_string(value.size)};
    const bool counts = message_type >= XFRM_MSG_NEWSADINFO && message_type <= XFRM_MSG_GETSPDINFO;
    if (counts || type >= attribute_names.size()) return {"attribute" + std::to_string(type), hex_text(value)};
    return {attribute_names[type], attribute_text(type, value)};
}

}  // namespace uxfrm::differential
