#pragma once

#include <initializer_list>
#include <string>

#include "message.h"

namespace uxfrm::differential {

/** Valid requests of the kind that IKE sends; cases change them. */

using Octets = std::initializer_list<uint8_t>;
using Shorts = std::initializer_list<uint16_t>;

struct KeyedName {
    const char* name;
    /** Bits; the attribute carries as many bytes as that needs. */
    unsigned key_bits;
    /** Bits of the ICV, where the attribute has it. */
    unsigned icv_bits = 0;
};

/** SPI in network byte order. */
Message new_sa(uint32_t spi, const std::string& source, const std::string& destination);
/** With AES-GCM-128, as `new_sa`, from 192.0.2.1 to 192.0.2.2; SPI in host byte order. */
Message gcm_sa(uint32_t spi);
/** Without any algorithm. */
Message bare_sa(uint32_t spi);
Message with_aead(const Message& sa, const KeyedName& algorithm);
Message with_cipher(const Message& sa, const KeyedName& algorithm);
Message with_integrity(const Message& sa, const KeyedName& algorithm);
Message with_truncated_integrity(const Message& sa, const KeyedName& algorithm);
Message with_udp(const Message& sa, uint16_t type = 2);
/** `words` of bitmap, all of them zero. */
Message with_esn_window(const Message& sa, uint32_t window, uint32_t words, bool esn);

/** DELSA, GETSA, GETAE; SPI in network byte order. */
Message of_sa(uint16_t type, uint32_t spi, const std::string& destination);
/** GETSA and GETAE of `gcm_sa(spi)`. */
Message get_sa(uint32_t spi);
Message get_replay(uint32_t spi, uint32_t flags);
Message allocate_spi(uint32_t min, uint32_t max, uint32_t reqid);

Message new_policy(uint8_t direction, const std::string& source, uint8_t source_bits, const std::string& destination, uint8_t destination_bits);
/** 10.0.0.0/8 to 10.128.0.0/9, outwards, through an ESP tunnel. */
Message tunnel_policy();
xfrm_user_tmpl esp_tunnel(const std::string& source, const std::string& destination);
/** DELPOLICY, GETPOLICY by the selector of a NEWPOLICY, with its if_id. */
Message of_policy(uint16_t type, const Message& policy);
Message of_policy_index(uint16_t type, uint32_t index, uint8_t direction);

Message dump_sas();
Message dump_policies();
Message sad_info();
Message spd_info();
Message flush_sas(uint8_t protocol);
Message flush_policies();

xfrm_address_t address_of(const std::string& text);

}  // namespace uxfrm::differential
