#include "checksum.h"

#include <arpa/inet.h>

#include <cstring>

#include "bytes.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define UXFRM_HOT __attribute__((target_clones("avx2", "default")))
#else
#define UXFRM_HOT
#endif

namespace uxfrm {

UXFRM_HOT uint64_t checksum_sum(const uint8_t* data, size_t length) {
    uint64_t sum = 0;
    const size_t words = length / 4;
    for (size_t i = 0; i < words; ++i) {
        uint32_t word;
        std::memcpy(&word, data + 4 * i, sizeof(word));
        sum += word;
    }
    uint8_t tail[4] = {};
    std::memcpy(tail, data + 4 * words, length % 4);
    uint32_t last;
    std::memcpy(&last, tail, sizeof(last));
    return sum + last;
}

uint16_t checksum_fold(uint64_t sum) {
    sum = (sum & 0xffffffff) + (sum >> 32);
    sum = (sum & 0xffffffff) + (sum >> 32);
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<uint16_t>(sum);
}

uint64_t pseudo_header_sum(const uint8_t* ip, uint8_t protocol, size_t l4_length) {
    uint64_t sum = htonl(static_cast<uint32_t>(l4_length));
    sum += htons(protocol);
    return sum + ((ip[0] >> 4) == 4 ? checksum_sum(ip + 12, 8) : checksum_sum(ip + 8, 32));
}

void set_ipv4_checksum(uint8_t* ip, size_t header_length) {
    std::memset(ip + 10, 0, 2);
    const uint16_t sum = checksum_finish(checksum_sum(ip, header_length));
    std::memcpy(ip + 10, &sum, sizeof(sum));
}

}  // namespace uxfrm
