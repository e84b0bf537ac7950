#include "netlink_codec.h"

#include <linux/rtnetlink.h>
#include <openssl/crypto.h>

#include <algorithm>

namespace uxfrm {

std::optional<NetlinkMessage> NetlinkMessage::next(ByteView& input) {
    NetlinkMessage message;
    if (input.size < sizeof(nlmsghdr)) return std::nullopt;
    std::memcpy(&message.header_, input.data, sizeof(nlmsghdr));
    const size_t length = message.header_.nlmsg_len;
    if (length < sizeof(nlmsghdr) || length > input.size) return std::nullopt;
    message.body_ = {input.data + NLMSG_HDRLEN, length - NLMSG_HDRLEN};
    const size_t step = std::min<size_t>(NLMSG_ALIGN(length), input.size);
    input = {input.data + step, input.size - step};
    return message;
}

bool NetlinkMessage::read_attributes(size_t fixed_size) {
    size_t offset = NLMSG_ALIGN(fixed_size);
    while (offset + sizeof(rtattr) <= body_.size) {
        rtattr attribute;
        std::memcpy(&attribute, body_.data + offset, sizeof(attribute));
        if (attribute.rta_len < sizeof(attribute) || attribute.rta_len > body_.size - offset) return false;
        const uint16_t type = attribute.rta_type & NLA_TYPE_MASK;
        if (type < attributes_.size())
            attributes_[type] = {body_.data + offset + RTA_LENGTH(0), attribute.rta_len - RTA_LENGTH(0)};
        offset += RTA_ALIGN(attribute.rta_len);
    }
    return true;
}

NetlinkBuilder::NetlinkBuilder(uint16_t type, uint32_t sequence, uint32_t port_id) {
    buffer_.reserve(reserved_size);
    nlmsghdr header{};
    header.nlmsg_type = type;
    header.nlmsg_seq = sequence;
    header.nlmsg_pid = port_id;
    append(&header, sizeof(header));
}

NetlinkBuilder::~NetlinkBuilder() { OPENSSL_cleanse(buffer_.data(), buffer_.size()); }

void NetlinkBuilder::attribute(uint16_t type, const void* data, size_t size) {
    rtattr header{};
    header.rta_type = type;
    header.rta_len = static_cast<uint16_t>(RTA_LENGTH(size));
    append(&header, sizeof(header));
    append(data, size);
}

void NetlinkBuilder::flags(uint16_t flags) { std::memcpy(buffer_.data() + offsetof(nlmsghdr, nlmsg_flags), &flags, sizeof(flags)); }

ByteView NetlinkBuilder::finish() {
    const auto length = static_cast<uint32_t>(buffer_.size());
    std::memcpy(buffer_.data() + offsetof(nlmsghdr, nlmsg_len), &length, sizeof(length));
    return {buffer_.data(), buffer_.size()};
}

void NetlinkBuilder::append(const void* data, size_t size) {
    const auto* bytes = static_cast<const uint8_t*>(data);
    buffer_.insert(buffer_.end(), bytes, bytes + size);
    buffer_.resize(NLMSG_ALIGN(buffer_.size()));
}

}  // namespace uxfrm
