#pragma once

#include <netinet/in.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace uxfrm {

/** What tells our echo messages from everybody's: drawn at start, and known to those who are probed. */
struct ProberMark {
    uint16_t identifier = 0;
    uint32_t tag = 0;
};

/** What an echo request carries, and its reply brings back (RFC 792). */
struct EchoMessage {
    uint16_t sequence = 0;
    /** The target's number. */
    uint32_t target = 0;
    /** Drawn for this one probe: who has not seen it can answer none. */
    uint64_t token = 0;
};

/** ICMP header, tag, number and token. */
constexpr size_t echo_message_length = 24;
using EchoRequest = std::array<uint8_t, echo_message_length>;

EchoRequest encode_echo_request(const ProberMark& mark, const EchoMessage& message);

struct EchoReply {
    in_addr source{};
    EchoMessage message;
    /** Of the ICMP message, bytes. */
    size_t length = 0;
};

/**
 * An IPv4 packet as a raw socket hands it out; absent when it is no reply to a request of this mark.
 * @param read bytes that are at hand of a packet of `length`: what follows our message is nobody's.
 */
std::optional<EchoReply> parse_echo_reply(const ProberMark& mark, const uint8_t* packet, size_t read, size_t length);

}  // namespace uxfrm
