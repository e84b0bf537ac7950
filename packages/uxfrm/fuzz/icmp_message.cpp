// ICMP from the outer network, which anybody can send, and our own ICMP about inner packets. First byte: the family.
#include <cstdlib>
#include <vector>

#include "path_watch.h"
#include "too_big.h"

using namespace uxfrm;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (size < 3) return 0;
    const uint16_t family = (data[0] & 1) != 0 ? AF_INET6 : AF_INET;
    const size_t mtu = size_t{data[1]} * 6;
    const std::vector<uint8_t> bytes(data + 2, data + size);
    const auto destination = too_big_destination(family, {bytes.data(), bytes.size()});
    if (destination && destination->family != family) std::abort();
    const auto inner = parse_inner_packet(bytes.data(), bytes.size());
    if (!inner) return 0;
    const TooBigReply reply(bytes.data(), *inner, mtu);
    if (!reply.bytes()) return 0;
    const auto answer = parse_inner_packet(reply.bytes().data, reply.bytes().size);
    if (!answer || answer->length != reply.bytes().size || answer->destination != inner->source) std::abort();
    const TooBigReply again(reply.bytes().data, *answer, mtu);
    if (again.bytes()) std::abort();  // never an answer to an answer
    return 0;
}
