#include <fcntl.h>
#include <sys/socket.h>

#include "privileges.h"
#include "system_call_filter.h"
#include "tun_device.h"

namespace uxfrm {
namespace {

/** Allowed with any arguments: none of these reaches a file or a process that is not ours already. */
constexpr std::array<int, 45> harmless_calls = {
    // packets and requests
    SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(sendto), SCMP_SYS(sendmsg),
    SCMP_SYS(sendmmsg), SCMP_SYS(recvfrom), SCMP_SYS(recvmsg), SCMP_SYS(recvmmsg), SCMP_SYS(poll), SCMP_SYS(ppoll),
    SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait), SCMP_SYS(epoll_ctl), SCMP_SYS(accept4), SCMP_SYS(close), SCMP_SYS(bind),
    SCMP_SYS(connect), SCMP_SYS(getsockopt), SCMP_SYS(setsockopt), SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(lseek),
    // time, memory, randomness
    SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap),
    SCMP_SYS(madvise), SCMP_SYS(getrandom), SCMP_SYS(futex), SCMP_SYS(restart_syscall),
    // identity and the end
    SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(geteuid), SCMP_SYS(sched_getaffinity), SCMP_SYS(tgkill), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigreturn), SCMP_SYS(exit), SCMP_SYS(exit_group),
};

/** An int argument: what stands in the upper half of its register does not matter. */
constexpr uint64_t lower_half = 0xffffffff;

/** New sockets: to ask for a path MTU and to set a device's, nothing else. */
void allow_sockets(SystemCallFilter& filter) {
    for (const int family : {AF_INET, AF_INET6})
        filter.allow(SCMP_SYS(socket), equals(0, static_cast<uint64_t>(family)), equals(1, SOCK_DGRAM | SOCK_CLOEXEC));
}

/** New files: with just the flags of a TUN device; behind chroot() there is nothing else. */
void allow_tun_devices(SystemCallFilter& filter) {
    filter.allow(SCMP_SYS(openat), masked(0, lower_half, static_cast<uint32_t>(AT_FDCWD)), equals(2, tun_open_flags));
    for (const unsigned long request : tun_requests) filter.allow(SCMP_SYS(ioctl), masked(1, lower_half, request));
}

}  // namespace

void restrict_system_calls() {
    SystemCallFilter filter;
    for (const int call : harmless_calls) filter.allow(call);
    filter.allow(SCMP_SYS(fcntl), equals(1, F_GETFL));
    allow_sockets(filter);
    allow_tun_devices(filter);
    filter.load();
}

}  // namespace uxfrm
