#include "words.h"

#include <arpa/inet.h>

#include <cstdio>
#include <cstdlib>
#include <limits>

namespace netnsd {

Words::Words(const std::string& line) {
    size_t at = 0;
    while (true) {
        at = line.find_first_not_of(' ', at);
        if (at == std::string::npos) return;
        const bool is_quoted = line[at] == '"';
        const size_t start = is_quoted ? at + 1 : at;
        const size_t end = line.find(is_quoted ? '"' : ' ', start);
        if (is_quoted && end == std::string::npos) throw RequestError("a quote is not closed");
        words_.push_back(line.substr(start, end == std::string::npos ? end : end - start));
        if (end == std::string::npos) return;
        at = end + 1;
    }
}

const std::string& Words::peek() const {
    static const std::string none;
    return is_empty() ? none : words_[next_];
}

std::string Words::take() {
    if (is_empty()) throw RequestError("the line ends too early");
    return words_[next_++];
}

bool Words::take_if(const char* word) {
    if (is_empty() || words_[next_] != word) return false;
    ++next_;
    return true;
}

uint32_t Words::take_number() {
    const std::string text = take();
    char* end = nullptr;
    const unsigned long long value = std::strtoull(text.c_str(), &end, text.compare(0, 2, "0x") == 0 ? 16 : 10);
    if (text.empty() || text[0] == '-' || *end != '\0' || value > std::numeric_limits<uint32_t>::max())
        throw RequestError(text + " is not a number");
    return static_cast<uint32_t>(value);
}

Address parse_address(const std::string& text) {
    Address address;
    if (text == "default") {
        address.family = AF_INET;
        address.size = 4;
        address.prefix_length = uint8_t{0};
        return address;
    }
    const size_t slash = text.find('/');
    const std::string host = text.substr(0, slash);
    const bool is_ipv6 = host.find(':') != std::string::npos;
    address.family = is_ipv6 ? AF_INET6 : AF_INET;
    address.size = is_ipv6 ? 16 : 4;
    if (inet_pton(address.family, host.c_str(), address.bytes) != 1) throw RequestError(text + " is not an address");
    if (slash == std::string::npos) return address;
    char* end = nullptr;
    const unsigned long length = std::strtoul(text.c_str() + slash + 1, &end, 10);
    if (slash + 1 == text.size() || *end != '\0' || length > address.size * 8UL) throw RequestError(text + " is not a prefix");
    address.prefix_length = static_cast<uint8_t>(length);
    return address;
}

std::string address_text(uint8_t family, const void* bytes) {
    char text[INET6_ADDRSTRLEN] = "";
    inet_ntop(family, bytes, text, sizeof(text));
    return text;
}

std::vector<uint8_t> parse_ethernet_address(const std::string& text) {
    std::vector<uint8_t> bytes(6);
    int used = 0;
    if (std::sscanf(text.c_str(), "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx%n", &bytes[0], &bytes[1], &bytes[2], &bytes[3], &bytes[4],
                    &bytes[5], &used) != 6 ||
        static_cast<size_t>(used) != text.size())
        throw RequestError(text + " is not an Ethernet address");
    return bytes;
}

std::string ethernet_text(const uint8_t* bytes, size_t size) {
    std::string text;
    char part[4];
    for (size_t index = 0; index < size; ++index) {
        std::snprintf(part, sizeof(part), index == 0 ? "%02x" : ":%02x", bytes[index]);
        text += part;
    }
    return text;
}

}  // namespace netnsd
