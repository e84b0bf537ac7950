#include "echo_message.h"

#include <netinet/ip.h>
#include <netinet/ip_icmp.h>

#include <cstring>

#include "checksum.h"

namespace uxfrm {
namespace {

/** As it lies in memory; nobody but us reads what is behind the sequence number. */
struct Layout {
    uint8_t type;
    uint8_t code;
    uint16_t checksum;
    uint16_t identifier;
    uint16_t sequence;
    uint32_t tag;
    uint32_t target;
    uint64_t token;
};
static_assert(sizeof(Layout) == echo_message_length);

}  // namespace

EchoRequest encode_echo_request(const ProberMark& mark, const EchoMessage& message) {
    Layout layout{ICMP_ECHO, 0, 0, htons(mark.identifier), htons(message.sequence), htonl(mark.tag), message.target, message.token};
    EchoRequest request;
    std::memcpy(request.data(), &layout, sizeof(layout));
    layout.checksum = checksum_finish(checksum_sum(request.data(), request.size()));
    std::memcpy(request.data(), &layout, sizeof(layout));
    return request;
}

std::optional<EchoReply> parse_echo_reply(const ProberMark& mark, const uint8_t* packet, size_t read, size_t length) {
    iphdr ip;
    if (read < sizeof(ip) || length < read) return std::nullopt;
    std::memcpy(&ip, packet, sizeof(ip));
    const size_t header_length = size_t{ip.ihl} * 4;
    if (ip.version != 4 || header_length < sizeof(ip) || ip.protocol != IPPROTO_ICMP) return std::nullopt;
    if (read < header_length + echo_message_length) return std::nullopt;
    Layout layout;
    std::memcpy(&layout, packet + header_length, sizeof(layout));
    if (layout.type != ICMP_ECHOREPLY || layout.code != 0) return std::nullopt;
    if (ntohs(layout.identifier) != mark.identifier || ntohl(layout.tag) != mark.tag) return std::nullopt;
    return EchoReply{in_addr{ip.saddr}, {ntohs(layout.sequence), layout.target, layout.token}, length - header_length};
}

}  // namespace uxfrm
