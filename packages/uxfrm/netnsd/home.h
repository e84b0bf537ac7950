#pragma once

#include <functional>
#include <string>

#include "file_descriptor.h"

namespace netnsd {

/** The network namespace this process was started in. */
class Home {
public:
    Home();

    int fd() const { return fd_.get(); }
    /** Does the work in another namespace, and is back afterwards, whatever happens; one that cannot come back ends. */
    /** The same in a new namespace. */
    void in_new_namespace(const std::function<void()>& work) const;
    void away(int namespace_fd, const std::function<void()>& work) const;

private:
    uxfrm::FileDescriptor fd_;
};

}  // namespace netnsd
