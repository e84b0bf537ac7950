#include "nobody.h"

#include <grp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <system_error>

#include "privileges.h"
#include "system_call_filter.h"

namespace uxfrm {
namespace {

constexpr uid_t nobody = 65534;

void require(bool ok, const char* what) {
    if (!ok) throw std::system_error(errno, std::generic_category(), what);
}

/** Nothing can be made in a directory that was removed. */
void leave_file_system() {
    char path[] = "/tmp/uxprobe-XXXXXX";
    require(mkdtemp(path) != nullptr, "mkdtemp");
    require(chdir(path) == 0 && rmdir(path) == 0, "rmdir");
    require(chroot(".") == 0, "chroot");
}

void change_user() {
    require(setgroups(0, nullptr) == 0, "setgroups");
    require(setresgid(nobody, nobody, nobody) == 0 && setresuid(nobody, nobody, nobody) == 0, "setresuid");
}

/** None of these reaches a file, another process or a new socket. */
constexpr std::array probing_calls = {
    SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(sendmmsg), SCMP_SYS(recvmmsg), SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(epoll_wait),
    SCMP_SYS(epoll_pwait), SCMP_SYS(epoll_ctl), SCMP_SYS(close), SCMP_SYS(timerfd_settime), SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_nanosleep), SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap),
    SCMP_SYS(madvise), SCMP_SYS(getrandom), SCMP_SYS(futex), SCMP_SYS(restart_syscall), SCMP_SYS(getpid), SCMP_SYS(gettid),
    SCMP_SYS(tgkill), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigreturn), SCMP_SYS(exit), SCMP_SYS(exit_group),
};

}  // namespace

void become_nobody() {
    const rlimit none{0, 0};
    require(setrlimit(RLIMIT_CORE, &none) == 0, "RLIMIT_CORE");
    leave_file_system();
    empty_bounding_set(0);
    change_user();
    keep_capabilities(0);
    require(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0, "PR_SET_DUMPABLE");
    require(prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0, "PR_SET_PDEATHSIG");
    SystemCallFilter filter;
    for (const int call : probing_calls) filter.allow(call);
    filter.load();
}

}  // namespace uxfrm
