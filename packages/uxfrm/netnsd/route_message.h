#pragma once

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "bytes.h"

namespace netnsd {

using uxfrm::ByteView;

/** The attributes of a message or of a nest, by type; of several of a type the last counts. They are somebody else's bytes. */
class Attributes {
public:
    Attributes() = default;
    explicit Attributes(ByteView bytes) {
        size_t offset = 0;
        while (offset + sizeof(rtattr) <= bytes.size) {
            rtattr header;
            std::memcpy(&header, bytes.data + offset, sizeof(header));
            if (header.rta_len < sizeof(header) || header.rta_len > bytes.size - offset) return;
            const uint16_t type = header.rta_type & NLA_TYPE_MASK;
            if (type >= values_.size()) values_.resize(type + 1U);
            values_[type] = {bytes.data + offset + RTA_LENGTH(0), header.rta_len - RTA_LENGTH(0)};
            offset += RTA_ALIGN(header.rta_len);
        }
    }

    ByteView get(uint16_t type) const { return type < values_.size() ? values_[type] : ByteView{}; }
    bool has(uint16_t type) const { return static_cast<bool>(get(type)); }

    template <typename T>
    std::optional<T> as(uint16_t type) const {
        const ByteView value = get(type);
        if (!value || value.size < sizeof(T)) return std::nullopt;
        T copy;
        std::memcpy(&copy, value.data, sizeof(T));
        return copy;
    }

    /** Up to the closing NUL. */
    std::string text(uint16_t type) const {
        const ByteView value = get(type);
        if (!value) return {};
        const auto* characters = reinterpret_cast<const char*>(value.data);
        return std::string(characters, strnlen(characters, value.size));
    }

    Attributes nest(uint16_t type) const { return has(type) ? Attributes(get(type)) : Attributes(); }

private:
    std::vector<ByteView> values_;
};

/** One message from the kernel; every length in it has been checked. */
struct RouteMessage {
    nlmsghdr header{};
    ByteView body;

    template <typename T>
    std::optional<T> fixed() const {
        if (body.size < sizeof(T)) return std::nullopt;
        T value;
        std::memcpy(&value, body.data, sizeof(T));
        return value;
    }
    template <typename T>
    Attributes attributes() const {
        const size_t size = NLMSG_ALIGN(sizeof(T));
        return body.size <= size ? Attributes() : Attributes({body.data + size, body.size - size});
    }
};

/** One that outlives what the kernel says next. */
class KeptMessage {
public:
    explicit KeptMessage(const RouteMessage& message)
        : bytes_(message.body.data, message.body.data + message.body.size), message_{message.header, {bytes_.data(), bytes_.size()}} {}
    KeptMessage(KeptMessage&&) = default;

    const RouteMessage& get() const { return message_; }

private:
    std::vector<uint8_t> bytes_;
    RouteMessage message_;
};

/** Takes the messages of a datagram one by one. */
inline std::optional<RouteMessage> next_message(ByteView& input) {
    RouteMessage message;
    if (input.size < sizeof(nlmsghdr)) return std::nullopt;
    std::memcpy(&message.header, input.data, sizeof(nlmsghdr));
    const size_t length = message.header.nlmsg_len;
    if (length < sizeof(nlmsghdr) || length > input.size) return std::nullopt;
    message.body = {input.data + NLMSG_HDRLEN, length - NLMSG_HDRLEN};
    const size_t step = NLMSG_ALIGN(length) < input.size ? NLMSG_ALIGN(length) : input.size;
    input = {input.data + step, input.size - step};
    return message;
}

/** Writes one request. */
class RouteRequest {
public:
    template <typename T>
    RouteRequest(uint16_t type, uint16_t flags, const T& fixed) {
        nlmsghdr header{};
        header.nlmsg_type = type;
        header.nlmsg_flags = static_cast<uint16_t>(NLM_F_REQUEST | flags);
        append(&header, sizeof(header));
        append(&fixed, sizeof(fixed));
    }

    void attribute(uint16_t type, const void* data, size_t size) {
        rtattr header{};
        header.rta_type = type;
        header.rta_len = static_cast<uint16_t>(RTA_LENGTH(size));
        append(&header, sizeof(header));
        if (size > 0) append(data, size);
    }
    template <typename T>
    void attribute(uint16_t type, const T& value) {
        static_assert(std::is_trivially_copyable_v<T>);
        attribute(type, &value, sizeof(value));
    }
    void text(uint16_t type, const std::string& value) { attribute(type, value.c_str(), value.size() + 1); }
    void bytes(uint16_t type, const std::vector<uint8_t>& value) { attribute(type, value.data(), value.size()); }

    /** Everything until `end` is inside. */
    size_t begin(uint16_t type) {
        const size_t at = buffer_.size();
        attribute(type, nullptr, 0);
        return at;
    }
    void end(size_t begun) {
        const auto length = static_cast<uint16_t>(buffer_.size() - begun);
        std::memcpy(buffer_.data() + begun + offsetof(rtattr, rta_len), &length, sizeof(length));
    }

    /** For structures that are neither header nor attribute. */
    template <typename T>
    size_t raw(const T& value) {
        const size_t at = buffer_.size();
        append(&value, sizeof(value));
        return at;
    }
    template <typename T>
    void patch(size_t at, const T& value) {
        std::memcpy(buffer_.data() + at, &value, sizeof(value));
    }
    size_t size() const { return buffer_.size(); }

    uint16_t type() const {
        nlmsghdr header;
        std::memcpy(&header, buffer_.data(), sizeof(header));
        return header.nlmsg_type;
    }
    ByteView finish(uint32_t sequence, uint16_t more_flags) {
        nlmsghdr header;
        std::memcpy(&header, buffer_.data(), sizeof(header));
        header.nlmsg_len = static_cast<uint32_t>(buffer_.size());
        header.nlmsg_seq = sequence;
        header.nlmsg_flags = static_cast<uint16_t>(header.nlmsg_flags | more_flags);
        std::memcpy(buffer_.data(), &header, sizeof(header));
        return {buffer_.data(), buffer_.size()};
    }

private:
    void append(const void* data, size_t size) {
        const size_t at = buffer_.size();
        buffer_.resize(at + NLMSG_ALIGN(size));
        std::memcpy(buffer_.data() + at, data, size);
    }

    std::vector<uint8_t> buffer_;
};

}  // namespace netnsd
