#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace uxfrm {

/** Cuts what comes from a descriptor into lines. A line that is too long is passed over. */
class LineReader {
public:
    using Handler = std::function<void(std::string_view line)>;

    explicit LineReader(size_t longest_line) : longest_line_(longest_line) {}

    /** Reads what there is, without waiting. False at the end of the input. */
    bool read(int fd, const Handler& handle);

private:
    void take(std::string_view bytes, const Handler& handle);

    const size_t longest_line_;
    std::string begun_;
};

}  // namespace uxfrm
