#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "hex.h"

namespace uxfrm::differential {

/** What one side calls the SPIs and policy indices that have names (message.h). */
class Names {
public:
    void forget() { *this = Names(); }

    /** Host byte order. */
    void name_spi(uint32_t spi, uint32_t request) { spis_.emplace(spi, request); }
    void name_index(uint32_t index, uint32_t request) { indices_.emplace(index >> 3, request); }

    /** For people and for comparison; SPI in network byte order. */
    std::string spi_text(uint32_t spi) const;
    std::string index_text(uint32_t index) const;

    /** Puts this side's values in the place of the names in an encoded request. */
    void resolve(Bytes& request) const;

private:
    std::map<uint32_t, uint32_t> spis_;
    std::map<uint32_t, uint32_t> indices_;
};

}  // namespace uxfrm::differential
