#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "algorithms.h"

namespace uxfrm {

inline constexpr size_t esp_header_length = 8;
inline constexpr size_t esp_trailer_length = 2;

/** A decrypted ESP packet: the payload data behind header and IV, without padding and ICV. */
struct OpenedEsp {
    uint8_t* payload;
    size_t length;
    uint8_t next_header;
};

/**
 * ESP packet processing, RFC 4303 sections 2, 3.3 and 3.4, in place and without allocation of its own:
 *
 *   | SPI | sequence | IV | payload | padding | pad length | next header | ICV |
 *
 * What the algorithms differ in is behind protect() and unprotect().
 */
class EspTransform {
public:
    virtual ~EspTransform() = default;
    EspTransform(const EspTransform&) = delete;
    EspTransform& operator=(const EspTransform&) = delete;

    /** Length of the ESP packet that carries `payload_length` bytes. */
    size_t sealed_length(size_t payload_length) const;

    /** The longest payload whose ESP packet is at most `esp_length` bytes; 0 when none fits. */
    size_t payload_capacity(size_t esp_length) const;

    /** Where seal() expects the payload, counted from the start of the packet. */
    size_t payload_offset() const { return esp_header_length + iv_length_; }

    /** Completes the packet around a payload that is in its place already. */
    bool seal(uint8_t* packet, size_t payload_length, uint8_t next_header, uint32_t spi, uint64_t sequence);

    /** Verifies and decrypts; nothing when the ICV or the format is wrong. */
    std::optional<OpenedEsp> open(uint8_t* packet, size_t length, uint64_t sequence);

protected:
    EspTransform(size_t iv_length, size_t block_length, size_t icv_length, bool esn);

    struct Layout {
        uint8_t* header;
        uint8_t* iv;
        uint8_t* text;
        size_t text_length;
        uint8_t* icv;
        uint64_t sequence;
    };
    virtual bool protect(const Layout& packet) = 0;
    virtual bool unprotect(const Layout& packet) = 0;

    const size_t iv_length_;
    const size_t alignment_;
    const size_t icv_length_;
    const bool esn_;
};

struct TransformResult {
    std::unique_ptr<EspTransform> transform;
    /** 0, or the errno the kernel answers NEWSA with: ENOSYS for an unknown algorithm, EINVAL for a wrong key. */
    int error = 0;
};

TransformResult make_transform(const SaAlgorithms& algorithms, bool esn);

}  // namespace uxfrm
