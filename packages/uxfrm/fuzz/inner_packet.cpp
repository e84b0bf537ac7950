// Decrypted packets of a hostile but authentic peer: parser and coalescer. Input: (u16 length, packet)*.
#include <cstdlib>
#include <vector>

#include "bytes.h"
#include "coalescer.h"

using namespace uxfrm;

namespace {

struct CheckingSink final : PacketSink {
    size_t segments = 0;

    void deliver(const VirtioHeader& header, const iovec* parts, size_t count, size_t delivered) override {
        std::vector<uint8_t> bytes;
        for (size_t i = 0; i < count; ++i) {
            const auto* part = static_cast<const uint8_t*>(parts[i].iov_base);
            bytes.insert(bytes.end(), part, part + parts[i].iov_len);
        }
        const auto inner = parse_inner_packet(bytes.data(), bytes.size());
        if (!inner || inner->length != bytes.size() || bytes.size() > 65535) std::abort();
        if (delivered > 1 && header.checksum_start + header.checksum_offset + 2u > bytes.size()) std::abort();
        segments += delivered;
    }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    std::vector<std::vector<uint8_t>> packets;
    for (size_t offset = 0; offset + 2 <= size;) {
        const size_t length = load_be16(data + offset);
        offset += 2;
        const size_t taken = std::min(length, size - offset);
        packets.emplace_back(data + offset, data + offset + taken);
        offset += taken;
    }
    CheckingSink sink;
    Coalescer coalescer(sink);
    size_t pushed = 0;
    for (auto& packet : packets) {
        const auto inner = parse_inner_packet(packet.data(), packet.size());
        if (!inner) continue;
        coalescer.push(packet.data(), *inner);
        ++pushed;
    }
    coalescer.flush();
    if (sink.segments != pushed) std::abort();
    return 0;
}
