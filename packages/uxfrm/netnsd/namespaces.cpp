#include "namespaces.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace netnsd {

namespace {

std::string path_of(const std::string& name) {
    if (name.empty() || name[0] == '.' || name.find('/') != std::string::npos) throw RequestError("\"" + name + "\" is no name of a namespace");
    return std::string(names_folder) + "/" + name;
}

[[noreturn]] void refuse(const std::string& name) {
    throw RequestError("Cannot open network namespace \"" + name + "\": " + std::generic_category().message(errno));
}

uxfrm::FileDescriptor open_path(const std::string& path, const std::string& name) {
    uxfrm::FileDescriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) refuse(name);
    return fd;
}

}  // namespace

Namespace::Namespace(const Home& home, uxfrm::FileDescriptor fd) : fd_(std::move(fd)) {
    struct stat status {};
    if (fstat(fd_.get(), &status) != 0) throw std::system_error(errno, std::generic_category(), "fstat");
    device_ = status.st_dev;
    inode_ = status.st_ino;
    home.away(fd_.get(), [&] { route_ = std::make_unique<RouteSocket>(); });
}

void Namespace::watch(const Home& home) {
    if (monitor_ == nullptr) home.away(fd_.get(), [&] { monitor_ = std::make_unique<Monitor>(route_->port_id()); });
}

std::shared_ptr<Namespace> Namespaces::enter(const std::optional<std::string>& name) {
    if (!name) {
        if (own_ == nullptr) own_ = std::make_shared<Namespace>(home_, open_path("/proc/self/ns/net", "its own"));
        return own_;
    }
    const std::string path = path_of(*name);
    struct stat status {};
    if (stat(path.c_str(), &status) != 0) {
        const int why = errno;
        forget(*name);
        errno = why;
        refuse(*name);
    }
    std::shared_ptr<Namespace>& known = known_[*name];
    if (known == nullptr || !known->is(status.st_dev, status.st_ino)) {
        known = nullptr;
        try {
            known = std::make_shared<Namespace>(home_, open_path(path, *name));
        } catch (const std::system_error& error) {
            known_.erase(*name);
            throw RequestError("Cannot open network namespace \"" + *name + "\": " + error.code().message());
        }
    }
    return known;
}

uxfrm::FileDescriptor Namespaces::open_namespace(const std::string& name) const {
    const bool is_process = !name.empty() && std::all_of(name.begin(), name.end(), [](char digit) { return digit >= '0' && digit <= '9'; });
    return open_path(is_process ? "/proc/" + name + "/ns/net" : path_of(name), name);
}

}  // namespace netnsd
