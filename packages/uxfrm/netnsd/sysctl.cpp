#include "sysctl.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "file_descriptor.h"
#include "words.h"

namespace netnsd {

namespace {

std::string path_of(const std::string& path) {
    if (path.compare(0, 4, "net/") != 0 || path.find("..") != std::string::npos) throw RequestError(path + " is no setting of a network");
    return "/proc/sys/" + path;
}

[[noreturn]] void refuse(const std::string& path) { throw RequestError(path + ": " + std::generic_category().message(errno)); }

}  // namespace

std::optional<std::string> read_sysctl(const std::string& path) {
    const uxfrm::FileDescriptor file(open(path_of(path).c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return std::nullopt;
    char value[4096];
    const ssize_t size = read(file.get(), value, sizeof(value));
    if (size < 0) return std::nullopt;
    std::string text(value, static_cast<size_t>(size));
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

void write_sysctl(const std::string& path, const std::string& value) {
    const uxfrm::FileDescriptor file(open(path_of(path).c_str(), O_WRONLY | O_CLOEXEC));
    if (!file) {
        if (errno == ENOENT) return;
        refuse(path);
    }
    const std::string line = value + "\n";
    if (write(file.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size())) refuse(path);
}

}  // namespace netnsd
