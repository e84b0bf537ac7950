#include "names.h"

#include <arpa/inet.h>

#include <cstddef>
#include <cstring>

#include "message.h"

namespace uxfrm::differential {
namespace {

constexpr uint32_t name_range = 0xffff;

/** Where a type of request has its SPI or its policy index; 0: nowhere. */
size_t spi_offset(uint16_t type) {
    switch (type) {
        case XFRM_MSG_NEWSA:
        case XFRM_MSG_UPDSA: return NLMSG_HDRLEN + offsetof(xfrm_usersa_info, id) + offsetof(xfrm_id, spi);
        case XFRM_MSG_DELSA:
        case XFRM_MSG_GETSA: return NLMSG_HDRLEN + offsetof(xfrm_usersa_id, spi);
        case XFRM_MSG_GETAE: return NLMSG_HDRLEN + offsetof(xfrm_aevent_id, sa_id) + offsetof(xfrm_usersa_id, spi);
        default: return 0;
    }
}

size_t index_offset(uint16_t type) {
    const bool by_id = type == XFRM_MSG_DELPOLICY || type == XFRM_MSG_GETPOLICY;
    return by_id ? NLMSG_HDRLEN + offsetof(xfrm_userpolicy_id, index) : 0;
}

bool in_range(uint32_t value, uint32_t names) { return value >= names && value <= names + name_range; }

}  // namespace

std::string Names::spi_text(uint32_t spi) const {
    const uint32_t host = ntohl(spi);
    const auto known = spis_.find(host);
    if (known != spis_.end()) return "spi#" + std::to_string(known->second);
    if (in_range(host, spi_names)) return "spi#" + std::to_string(host - spi_names);
    return std::to_string(host);
}

std::string Names::index_text(uint32_t index) const {
    const uint32_t number = index >> 3;
    const std::string direction = "." + std::to_string(index & 7);
    const auto known = indices_.find(number);
    if (known != indices_.end()) return "index#" + std::to_string(known->second) + direction;
    if (in_range(number, index_names)) return "index#" + std::to_string(number - index_names) + direction;
    return "unnamed" + direction;
}

void Names::resolve(Bytes& request) const {
    nlmsghdr header;
    std::memcpy(&header, request.data(), sizeof(header));
    const size_t spi = spi_offset(header.nlmsg_type);
    const size_t index = index_offset(header.nlmsg_type);
    const auto replace = [&](size_t offset, auto translate) {
        if (offset == 0 || offset + sizeof(uint32_t) > request.size()) return;
        uint32_t value;
        std::memcpy(&value, &request[offset], sizeof(value));
        value = translate(value);
        std::memcpy(&request[offset], &value, sizeof(value));
    };
    replace(spi, [this](uint32_t value) {
        for (const auto& [actual, number] : spis_)
            if (named_spi(number) == value) return htonl(actual);
        return value;
    });
    replace(index, [this](uint32_t value) {
        for (const auto& [actual, number] : indices_)
            if (value >> 3 == index_names + number) return actual << 3 | (value & 7);
        return value;
    });
}

}  // namespace uxfrm::differential
