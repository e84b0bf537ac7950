#include "namespaces.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

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

/** What is mounted there is seen, and let go of, in mount namespaces that were made before it as well (ip-netns(8)). */
void share_names() {
    mkdir(names_folder, 0755);
    if (mount("", names_folder, "none", MS_SHARED | MS_REC, nullptr) == 0) return;
    // Not a mount point yet.
    if (errno != EINVAL || mount(names_folder, names_folder, "none", MS_BIND | MS_REC, nullptr) != 0 ||
        mount("", names_folder, "none", MS_SHARED | MS_REC, nullptr) != 0)
        throw RequestError(std::string("mount --make-shared ") + names_folder + ": " + std::generic_category().message(errno));
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

bool Namespaces::add(const std::string& name) {
    const std::string path = path_of(name);
    share_names();
    const uxfrm::FileDescriptor file(open(path.c_str(), O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0));
    if (!file && errno == EEXIST) return false;
    if (!file) refuse(name);
    try {
        home_.in_new_namespace([&] {
            if (mount("/proc/self/ns/net", path.c_str(), "none", MS_BIND, nullptr) != 0) refuse(name);
        });
    } catch (...) {
        unlink(path.c_str());
        throw;
    }
    return true;
}

bool Namespaces::remove(const std::string& name) {
    const std::string path = path_of(name);
    // Somebody may have taken the mount already, and left the name.
    umount2(path.c_str(), MNT_DETACH);
    if (unlink(path.c_str()) == 0) return true;
    if (errno != ENOENT) throw RequestError("Cannot remove namespace file \"" + path + "\": " + std::generic_category().message(errno));
    return false;
}

uxfrm::FileDescriptor Namespaces::open_namespace(const std::string& name) const {
    const bool is_process = !name.empty() && std::all_of(name.begin(), name.end(), [](char digit) { return digit >= '0' && digit <= '9'; });
    return open_path(is_process ? "/proc/" + name + "/ns/net" : path_of(name), name);
}

}  // namespace netnsd
