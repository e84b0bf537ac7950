// A virtio header and a super-packet from a TUN device: parser and segmenter.
#include <cstdlib>
#include <cstring>
#include <vector>

#include "segmenter.h"

using namespace uxfrm;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    if (size < sizeof(VirtioHeader)) return 0;
    VirtioHeader header;
    std::memcpy(&header, data, sizeof(header));
    const std::vector<uint8_t> packet(data + sizeof(header), data + size);
    const auto inner = parse_inner_packet(packet.data(), packet.size());
    if (!inner) return 0;
    const auto plan = Segmenter::plan(header, packet.data(), *inner);
    if (!plan) return 0;
    size_t total = 0;
    for (size_t i = 0; i < plan->count(); ++i) {
        std::vector<uint8_t> out(plan->length(i));
        plan->write(i, out.data());
        const auto segment = parse_inner_packet(out.data(), out.size());
        if (!segment || segment->length != out.size()) std::abort();
        total += out.size();
    }
    if (total < inner->length) std::abort();
    return 0;
}
