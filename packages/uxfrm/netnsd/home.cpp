#include "home.h"

#include <fcntl.h>
#include <sched.h>

#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

namespace netnsd {

Home::Home() : fd_(open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC)) {
    if (!fd_) throw std::system_error(errno, std::generic_category(), "its own network namespace");
}

namespace {

/** Whatever happens. */
struct Return {
    int fd;
    ~Return() {
        if (setns(fd, CLONE_NEWNET) != 0) std::abort();
    }
};

}  // namespace

void Home::away(int namespace_fd, const std::function<void()>& work) const {
    if (setns(namespace_fd, CLONE_NEWNET) != 0) throw std::system_error(errno, std::generic_category(), "setns");
    const Return back{fd_.get()};
    work();
}

void Home::in_new_namespace(const std::function<void()>& work) const {
    if (unshare(CLONE_NEWNET) != 0) throw std::system_error(errno, std::generic_category(), "a new network namespace");
    const Return back{fd_.get()};
    work();
}

}  // namespace netnsd
