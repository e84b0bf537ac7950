#include "line_reader.h"

#include <unistd.h>

#include <array>
#include <cerrno>

namespace uxfrm {

bool LineReader::read(int fd, const Handler& handle) {
    std::array<char, 16384> buffer;
    for (;;) {
        const ssize_t length = ::read(fd, buffer.data(), buffer.size());
        if (length < 0 && errno == EINTR) continue;
        if (length <= 0) return length < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
        take({buffer.data(), static_cast<size_t>(length)}, handle);
    }
}

void LineReader::take(std::string_view bytes, const Handler& handle) {
    for (size_t end; (end = bytes.find('\n')) != std::string_view::npos; bytes.remove_prefix(end + 1)) {
        begun_.append(bytes.substr(0, end));
        if (begun_.size() <= longest_line_) handle(begun_);
        begun_.clear();
    }
    // One byte too many is remembered: the line is known to be too long by it.
    if (begun_.size() <= longest_line_) begun_.append(bytes.substr(0, longest_line_ + 1 - begun_.size()));
}

}  // namespace uxfrm
