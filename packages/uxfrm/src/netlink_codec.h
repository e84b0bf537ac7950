#pragma once

#include <linux/netlink.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

#include "bytes.h"
#include "linux_xfrm.h"

namespace uxfrm {

/** One netlink message in somebody's buffer: header, fixed body, attributes. Every length in it has been checked. */
class NetlinkMessage {
public:
    /** Takes the message at the front of `input` off; nothing when it is malformed or the input is used up. */
    static std::optional<NetlinkMessage> next(ByteView& input);

    const nlmsghdr& header() const { return header_; }
    ByteView body() const { return body_; }

    /** The fixed part; nothing when it is shorter than T. */
    template <typename T>
    std::optional<T> fixed() const {
        return copy<T>(body_);
    }

    /** Reads the attributes behind a fixed part of this size. False when one of them is cut off. */
    bool read_attributes(size_t fixed_size);

    /** Of several attributes of a type the last counts, as in the kernel's nla_parse. */
    ByteView attribute(uint16_t type) const { return type < attributes_.size() ? attributes_[type] : ByteView{}; }

    template <typename T>
    std::optional<T> attribute_as(uint16_t type) const {
        return copy<T>(attribute(type));
    }

    /** The same for structs that end in an array, of which this is the front. */
    template <typename T>
    bool read(uint16_t type, T& front) const {
        const ByteView value = attribute(type);
        if (!value || value.size < sizeof(T)) return false;
        std::memcpy(&front, value.data, sizeof(T));
        return true;
    }

private:
    template <typename T>
    static std::optional<T> copy(ByteView bytes) {
        if (!bytes || bytes.size < sizeof(T)) return std::nullopt;
        T value;
        std::memcpy(&value, bytes.data, sizeof(T));
        return value;
    }

    nlmsghdr header_{};
    ByteView body_;
    std::array<ByteView, std::max<size_t>(XFRMA_MAX, sa_direction_attribute) + 1> attributes_{};
};

/** Writes one netlink message; zeroised afterwards, since it may carry keys. */
class NetlinkBuilder {
public:
    NetlinkBuilder(uint16_t type, uint32_t sequence, uint32_t port_id);
    ~NetlinkBuilder();
    NetlinkBuilder(const NetlinkBuilder&) = delete;
    NetlinkBuilder& operator=(const NetlinkBuilder&) = delete;

    template <typename T>
    void fixed(const T& value) {
        append(&value, sizeof(value));
    }
    void raw(ByteView bytes) { append(bytes.data, bytes.size); }
    void attribute(uint16_t type, const void* data, size_t size);
    template <typename T>
    void attribute(uint16_t type, const T& value) {
        attribute(type, &value, sizeof(value));
    }

    /** NLM_F_MULTI and the like. */
    void flags(uint16_t flags);

    /** The finished message. */
    ByteView finish();

private:
    static constexpr size_t reserved_size = 4096;

    void append(const void* data, size_t size);

    std::vector<uint8_t> buffer_;
};

}  // namespace uxfrm
