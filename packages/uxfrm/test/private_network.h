#pragma once

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "file_descriptor.h"

namespace uxfrm {

/** Puts the process into a network namespace of its own, with a loopback, until it goes. Needs root. */
class PrivateNetwork {
public:
    PrivateNetwork() : before_(open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC)), entered_(unshare(CLONE_NEWNET) == 0) {
        if (entered_) set_loopback(SIOCSIFFLAGS, IFF_UP | IFF_RUNNING);
    }
    ~PrivateNetwork() {
        if (entered_ && setns(before_.get(), CLONE_NEWNET) != 0) abort();
    }
    PrivateNetwork(const PrivateNetwork&) = delete;
    PrivateNetwork& operator=(const PrivateNetwork&) = delete;

    explicit operator bool() const { return entered_; }

    void set_loopback_mtu(int mtu) const { set_loopback(SIOCSIFMTU, mtu); }

private:
    static void set_loopback(unsigned long what, int value) {
        const FileDescriptor control(socket(AF_INET, SOCK_DGRAM, 0));
        ifreq request{};
        request.ifr_name[0] = 'l';
        request.ifr_name[1] = 'o';
        if (what == SIOCSIFMTU)
            request.ifr_mtu = value;
        else
            request.ifr_flags = static_cast<short>(value);
        if (ioctl(control.get(), what, &request) != 0) abort();
    }

    FileDescriptor before_;
    bool entered_;
};

}  // namespace uxfrm
