#pragma once

#include <linux/udp.h>

#include "hex.h"
#include "netlink_codec.h"
#include "packets.h"

namespace uxfrm {

/** XFRM requests as charon 5.9.8 sends them. */

inline Bytes to_bytes(NetlinkBuilder& builder, uint16_t flags) {
    const ByteView view = builder.finish();
    Bytes bytes(view.data, view.data + view.size);
    std::memcpy(bytes.data() + offsetof(nlmsghdr, nlmsg_flags), &flags, sizeof(flags));
    return bytes;
}

struct SaRequest {
    uint16_t type = XFRM_MSG_NEWSA;
    uint32_t spi = htonl(0xc1234567);
    std::string source = "192.0.2.1";
    std::string destination = "192.0.2.2";
    uint32_t reqid = 1;
    uint32_t if_id = 17;
    uint8_t flags = XFRM_STATE_AF_UNSPEC;
    uint8_t mode = XFRM_MODE_TUNNEL;
    uint8_t protocol = IPPROTO_ESP;
    std::string aead = "rfc4106(gcm(aes))";
    Bytes key = Bytes(20, 0x42);
    std::string cipher;
    std::string integrity;
    bool encapsulated = true;
    uint32_t esn_window = 0;
    uint8_t window = 32;
    uint64_t hard_seconds = 3600;
    uint64_t hard_packets = ~uint64_t{0};
    uint64_t soft_packets = ~uint64_t{0};

    Bytes encode() const {
        xfrm_usersa_info info{};
        info.id.daddr = address(destination).to_xfrm();
        info.id.spi = spi;
        info.id.proto = protocol;
        info.saddr = address(source).to_xfrm();
        info.family = address(source).family;
        info.reqid = reqid;
        info.mode = mode;
        info.flags = flags;
        info.replay_window = esn_window != 0 ? uint8_t{0} : window;
        info.lft.soft_byte_limit = info.lft.hard_byte_limit = ~uint64_t{0};
        info.lft.soft_packet_limit = soft_packets;
        info.lft.hard_packet_limit = hard_packets;
        info.lft.hard_add_expires_seconds = hard_seconds;
        NetlinkBuilder builder(type, 201, 4711);
        builder.fixed(info);
        if (!aead.empty()) add_algorithm<xfrm_algo_aead>(builder, XFRMA_ALG_AEAD, aead, key, 128);
        if (!cipher.empty()) add_algorithm<xfrm_algo>(builder, XFRMA_ALG_CRYPT, cipher, key, 0);
        if (!integrity.empty()) add_algorithm<xfrm_algo>(builder, XFRMA_ALG_AUTH, integrity, Bytes(20, 0x33), 0);
        if (encapsulated) {
            xfrm_encap_tmpl encapsulation{};
            encapsulation.encap_type = UDP_ENCAP_ESPINUDP;
            encapsulation.encap_sport = htons(4500);
            encapsulation.encap_dport = htons(4500);
            builder.attribute(XFRMA_ENCAP, encapsulation);
        }
        if (if_id != 0) builder.attribute(XFRMA_IF_ID, if_id);
        if (esn_window != 0) add_replay(builder);
        return to_bytes(builder, NLM_F_REQUEST | NLM_F_ACK);
    }

private:
    template <typename Header>
    static void add_algorithm(NetlinkBuilder& builder, uint16_t type, const std::string& name, const Bytes& key, unsigned icv) {
        Bytes value(sizeof(Header));
        Header header{};
        name.copy(header.alg_name, sizeof(header.alg_name) - 1);
        header.alg_key_len = static_cast<unsigned>(key.size() * 8);
        if constexpr (std::is_same_v<Header, xfrm_algo_aead>) header.alg_icv_len = icv;
        std::memcpy(value.data(), &header, sizeof(header));
        value = value + key;
        builder.attribute(type, value.data(), value.size());
        (void)icv;
    }

    void add_replay(NetlinkBuilder& builder) const {
        xfrm_replay_state_esn state{};
        state.bmp_len = (esn_window + 31) / 32;
        state.replay_window = esn_window;
        Bytes value(sizeof(state) + state.bmp_len * 4);
        std::memcpy(value.data(), &state, sizeof(state));
        builder.attribute(XFRMA_REPLAY_ESN_VAL, value.data(), value.size());
    }
};

inline Bytes sa_by_id(uint16_t type, uint32_t spi, const std::string& destination, uint16_t flags) {
    xfrm_usersa_id id{};
    id.daddr = address(destination).to_xfrm();
    id.spi = spi;
    id.family = address(destination).family;
    id.proto = IPPROTO_ESP;
    NetlinkBuilder builder(type, 202, 4711);
    if (type == XFRM_MSG_GETAE) {
        xfrm_aevent_id event{};
        event.sa_id = id;
        event.flags = XFRM_AE_RVAL;
        builder.fixed(event);
    } else {
        builder.fixed(id);
    }
    return to_bytes(builder, flags);
}

struct PolicyRequest {
    uint16_t type = XFRM_MSG_NEWPOLICY;
    uint8_t direction = XFRM_POLICY_OUT;
    uint32_t if_id = 17;
    uint32_t priority = 399999;
    uint8_t action = XFRM_POLICY_ALLOW;
    uint32_t spi = 0;
    uint32_t reqid = 1;
    std::string tunnel_source = "192.0.2.1";
    std::string tunnel_destination = "192.0.2.2";
    std::string source = "0.0.0.0";
    uint8_t source_bits = 0;
    std::string destination = "0.0.0.0";
    uint8_t destination_bits = 0;
    uint8_t protocol = 0;
    uint16_t destination_port = 0;
    bool with_template = true;

    xfrm_selector selector() const {
        xfrm_selector sel{};
        sel.family = address(source).family;
        sel.saddr = address(source).to_xfrm();
        sel.daddr = address(destination).to_xfrm();
        sel.prefixlen_s = source_bits;
        sel.prefixlen_d = destination_bits;
        sel.proto = protocol;
        sel.dport = htons(destination_port);
        sel.dport_mask = destination_port != 0 ? 0xffff : 0;
        return sel;
    }

    Bytes encode() const {
        xfrm_userpolicy_info info{};
        info.sel = selector();
        info.dir = direction;
        info.priority = priority;
        info.action = action;
        NetlinkBuilder builder(type, 203, 4711);
        builder.fixed(info);
        if (with_template) {
            xfrm_user_tmpl tmpl{};
            tmpl.id.proto = IPPROTO_ESP;
            tmpl.id.spi = spi;
            tmpl.id.daddr = address(tunnel_destination).to_xfrm();
            tmpl.saddr = address(tunnel_source).to_xfrm();
            tmpl.family = address(tunnel_source).family;
            tmpl.reqid = reqid;
            tmpl.mode = XFRM_MODE_TUNNEL;
            tmpl.aalgos = tmpl.ealgos = tmpl.calgos = ~0u;
            builder.attribute(XFRMA_TMPL, tmpl);
        }
        if (if_id != 0) builder.attribute(XFRMA_IF_ID, if_id);
        return to_bytes(builder, NLM_F_REQUEST | NLM_F_ACK);
    }

    Bytes encode_id(uint16_t request_type, uint16_t flags) const {
        xfrm_userpolicy_id id{};
        id.sel = selector();
        id.dir = direction;
        NetlinkBuilder builder(request_type, 204, 4711);
        builder.fixed(id);
        if (if_id != 0) builder.attribute(XFRMA_IF_ID, if_id);
        return to_bytes(builder, flags);
    }
};

}  // namespace uxfrm
