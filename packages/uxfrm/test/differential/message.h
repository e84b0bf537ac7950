#pragma once

#include <linux/netlink.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "hex.h"
#include "linux_xfrm.h"

namespace uxfrm::differential {

/** The bytes of a struct, as netlink carries it. */
template <typename T>
Bytes bytes_of(const T& value) {
    const auto* data = reinterpret_cast<const uint8_t*>(&value);
    return Bytes(data, data + sizeof(value));
}

/** A request before it is encoded; any part of it may be wrong on purpose. */
struct Message {
    uint16_t type = 0;
    uint16_t flags = NLM_F_REQUEST | NLM_F_ACK;
    Bytes fixed;
    std::vector<std::pair<uint16_t, Bytes>> attributes;
    /** Bytes that are missing at the end. */
    size_t cut = 0;

    template <typename T>
    static Message of(uint16_t type, const T& fixed) {
        Message message;
        message.type = type;
        message.fixed = bytes_of(fixed);
        return message;
    }

    /** The fixed part, to change it. */
    template <typename T>
    T& as() {
        if (fixed.size() < sizeof(T)) fixed.resize(sizeof(T));
        return *reinterpret_cast<T*>(fixed.data());
    }

    template <typename T>
    Message with(uint16_t attribute, const T& value) const {
        return with(attribute, bytes_of(value));
    }
    Message with(uint16_t attribute, const Bytes& value) const;
    Message without(uint16_t attribute) const;
    Message with_flags(uint16_t other) const;
    Message with_type(uint16_t other) const;

    Bytes encode(uint32_t sequence) const;
};

/**
 * What the two sides choose themselves (SPIs of ALLOCSPI, indices of policies) has a name in requests and results: the number of
 * the request that first told it.
 */
inline constexpr uint32_t spi_names = 0xfeed0000;
inline constexpr uint32_t index_names = 0x1eed0000;
/** Network byte order. */
uint32_t named_spi(uint32_t request);
uint32_t named_index(uint32_t request, uint8_t direction);

}  // namespace uxfrm::differential
