#pragma once

#include <cstddef>
#include <cstdint>

namespace uxfrm {

/** Internet checksum, RFC 1071, in native byte order throughout (section 2 (B): the sum is endian-neutral). */

/** One's complement sum, not folded. `data` must start at an even offset of what is summed. */
uint64_t checksum_sum(const uint8_t* data, size_t length);

/** Folds to 16 bits without complementing: what a field holds that the device will complete. */
uint16_t checksum_fold(uint64_t sum);

inline uint16_t checksum_finish(uint64_t sum) { return static_cast<uint16_t>(~checksum_fold(sum)); }

/** Pseudo-header sum for TCP or UDP over the IPv4 or IPv6 header at `ip`, RFC 9293 section 3.1, RFC 8200 section 8.1. */
uint64_t pseudo_header_sum(const uint8_t* ip, uint8_t protocol, size_t l4_length);

/** Recomputes the header checksum of the IPv4 header at `ip`. */
void set_ipv4_checksum(uint8_t* ip, size_t header_length);

}  // namespace uxfrm
