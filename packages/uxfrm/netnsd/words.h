#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace netnsd {

/** What a request says that cannot be done, for whoever asked. */
class RequestError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/** The words of one line of ip(8), taken from the front; a word may stand in double quotes. */
class Words {
public:
    explicit Words(const std::string& line);

    bool is_empty() const { return next_ == words_.size(); }
    /** The next word without taking it; empty at the end. */
    const std::string& peek() const;
    std::string take();
    /** Takes the next word if it is this one. */
    bool take_if(const char* word);
    /** 0x… is hexadecimal. */
    uint32_t take_number();

private:
    std::vector<std::string> words_;
    size_t next_ = 0;
};

/** An address of either family, with a prefix length where one was said. */
struct Address {
    uint8_t family = 0;
    uint8_t size = 0;
    uint8_t bytes[16] = {};
    std::optional<uint8_t> prefix_length;
};

/** `10.0.0.1`, `10.0.0.0/8`, `2001:db8::1/64`, and `default` as 0.0.0.0/0. */
Address parse_address(const std::string& text);
std::string address_text(uint8_t family, const void* bytes);

/** `02:00:00:00:00:01`. */
std::vector<uint8_t> parse_ethernet_address(const std::string& text);
std::string ethernet_text(const uint8_t* bytes, size_t size);

}  // namespace netnsd
