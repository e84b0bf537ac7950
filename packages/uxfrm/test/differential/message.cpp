#include "message.h"

#include <arpa/inet.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <cstring>

namespace uxfrm::differential {
namespace {

template <typename T>
void append(Bytes& bytes, const T& header) {
    const Bytes raw = bytes_of(header);
    bytes.insert(bytes.end(), raw.begin(), raw.end());
}

void align(Bytes& bytes) { bytes.resize(NLMSG_ALIGN(bytes.size())); }

}  // namespace

Message Message::with(uint16_t attribute, const Bytes& value) const {
    Message copy = *this;
    copy.attributes.emplace_back(attribute, value);
    return copy;
}

Message Message::without(uint16_t attribute) const {
    Message copy = *this;
    auto& list = copy.attributes;
    list.erase(std::remove_if(list.begin(), list.end(), [&](const auto& entry) { return entry.first == attribute; }), list.end());
    return copy;
}

Message Message::with_flags(uint16_t other) const {
    Message copy = *this;
    copy.flags = other;
    return copy;
}

Message Message::with_type(uint16_t other) const {
    Message copy = *this;
    copy.type = other;
    return copy;
}

Bytes Message::encode(uint32_t sequence) const {
    nlmsghdr header{};
    header.nlmsg_type = type;
    header.nlmsg_flags = flags;
    header.nlmsg_seq = sequence;
    Bytes bytes = bytes_of(header) + fixed;
    align(bytes);
    for (const auto& [attribute, value] : attributes) {
        rtattr attribute_header{};
        attribute_header.rta_type = attribute;
        attribute_header.rta_len = static_cast<uint16_t>(RTA_LENGTH(value.size()));
        append(bytes, attribute_header);
        bytes = bytes + value;
        align(bytes);
    }
    bytes.resize(std::max(sizeof(header), bytes.size() - std::min(cut, bytes.size())));
    const auto length = static_cast<uint32_t>(bytes.size());
    std::memcpy(bytes.data(), &length, sizeof(length));
    return bytes;
}

uint32_t named_spi(uint32_t request) { return htonl(spi_names + request); }

uint32_t named_index(uint32_t request, uint8_t direction) { return (index_names + request) << 3 | direction; }

}  // namespace uxfrm::differential
