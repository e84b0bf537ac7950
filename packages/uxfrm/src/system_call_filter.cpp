#include <fcntl.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <system_error>

#include "privileges.h"
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

/** What the sanitizers of a test build do of their own: at a throw, to look at memory, in a thread of theirs. */
#ifdef UXFRM_SANITIZED
constexpr std::array<int, 4> sanitizer_calls = {SCMP_SYS(sigaltstack), SCMP_SYS(pipe2), SCMP_SYS(nanosleep), SCMP_SYS(sched_yield)};
#else
constexpr std::array<int, 0> sanitizer_calls = {};
#endif

scmp_arg_cmp equals(unsigned argument, uint64_t value) { return {argument, SCMP_CMP_EQ, value, 0}; }
scmp_arg_cmp masked(unsigned argument, uint64_t mask, uint64_t value) { return {argument, SCMP_CMP_MASKED_EQ, mask, value}; }

/** An int argument: what stands in the upper half of its register does not matter. */
constexpr uint64_t lower_half = 0xffffffff;

class Filter {
public:
    Filter() : context_(seccomp_init(SCMP_ACT_TRAP)) {
        if (!context_) throw std::system_error(ENOMEM, std::generic_category(), "seccomp");
    }
    ~Filter() { seccomp_release(context_); }
    Filter(const Filter&) = delete;
    Filter& operator=(const Filter&) = delete;

    template <typename... Comparisons>
    void allow(int call, Comparisons... comparisons) {
        const std::array<scmp_arg_cmp, sizeof...(Comparisons)> wanted = {comparisons...};
        check(seccomp_rule_add_array(context_, SCMP_ACT_ALLOW, call, static_cast<unsigned>(wanted.size()), wanted.data()));
    }
    /** For all threads that there are. */
    void load() {
        check(seccomp_attr_set(context_, SCMP_FLTATR_CTL_TSYNC, 1));
        check(seccomp_load(context_));
    }

private:
    /** A call that an architecture does not have (time, poll…) need not be allowed there. */
    static void check(int result) {
        if (result < 0 && result != -EDOM) throw std::system_error(-result, std::generic_category(), "seccomp");
    }

    scmp_filter_ctx context_;
};

/** New sockets: to ask for a path MTU and to set a device's, nothing else. */
void allow_sockets(Filter& filter) {
    for (const int family : {AF_INET, AF_INET6})
        filter.allow(SCMP_SYS(socket), equals(0, static_cast<uint64_t>(family)), equals(1, SOCK_DGRAM | SOCK_CLOEXEC));
}

/** New files: with just the flags of a TUN device; behind chroot() there is nothing else. */
void allow_tun_devices(Filter& filter) {
    filter.allow(SCMP_SYS(openat), masked(0, lower_half, static_cast<uint32_t>(AT_FDCWD)), equals(2, tun_open_flags));
    for (const unsigned long request : tun_requests) filter.allow(SCMP_SYS(ioctl), masked(1, lower_half, request));
}

/** Memory that is code stays what it is, and other memory never becomes code. */
void allow_data_memory(Filter& filter) {
    filter.allow(SCMP_SYS(mmap), masked(2, PROT_EXEC, 0));
    filter.allow(SCMP_SYS(mprotect), masked(2, PROT_EXEC, 0));
    filter.allow(SCMP_SYS(fcntl), equals(1, F_GETFL));
}

/** By number; looked up beforehand, since the refused call may have come from the allocator. */
std::array<const char*, 512> call_names{};

/** In a signal handler: no allocation. SIGSYS is at its default again, and raised once more it ends the process. */
void name_the_call(int, siginfo_t* info, void*) {
    char text[160];
    const auto number = static_cast<size_t>(info->si_syscall);
    const char* name = number < call_names.size() && call_names[number] ? call_names[number] : "unknown";
    const int length = std::snprintf(text, sizeof(text),
                                     "{\"level\":\"error\",\"event\":\"system-call-refused\",\"call\":\"%s\",\"number\":%d}\n",
                                     name, info->si_syscall);
    if (length > 0 && write(STDERR_FILENO, text, std::min(static_cast<size_t>(length), sizeof(text) - 1)) < 0) _exit(128 + SIGSYS);
    raise(SIGSYS);
}

void report_refused_calls() {
    for (size_t number = 0; number < call_names.size(); ++number)
        call_names[number] = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, static_cast<int>(number));
    struct sigaction action {};
    action.sa_sigaction = name_the_call;
    action.sa_flags = SA_SIGINFO | static_cast<int>(SA_RESETHAND) | SA_NODEFER;
    if (sigaction(SIGSYS, &action, nullptr) != 0) throw std::system_error(errno, std::generic_category(), "SIGSYS");
}

}  // namespace

void restrict_system_calls() {
    report_refused_calls();
    Filter filter;
    for (const int call : harmless_calls) filter.allow(call);
    for (const int call : sanitizer_calls) filter.allow(call);
    allow_sockets(filter);
    allow_tun_devices(filter);
    allow_data_memory(filter);
    filter.load();
}

}  // namespace uxfrm
