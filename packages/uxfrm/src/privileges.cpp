#include "privileges.h"

#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "log.h"
#include "tun_device.h"

namespace uxfrm {
namespace {

void require(bool ok, const char* what) {
    if (!ok) throw std::system_error(errno, std::generic_category(), what);
}

/** Whole pages of whatever size: buffers that are never touched cost nothing (MCL_ONFAULT). */
bool keep_out_of_swap() {
    const rlimit unlimited{RLIM_INFINITY, RLIM_INFINITY};
    // With a limit, a later allocation would fail; then rather none.
    if (setrlimit(RLIMIT_MEMLOCK, &unlimited) != 0) return false;
    return mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) == 0;
}

void empty_bounding_set() {
    for (unsigned long capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; ++capability) {
        if (capability != CAP_NET_ADMIN && prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0 && errno != EPERM)
            throw std::system_error(errno, std::generic_category(), "PR_CAPBSET_DROP");
    }
}

void keep_one_capability() {
    static_assert(CAP_NET_ADMIN < 32);
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
    require(syscall(SYS_capget, &header, data) == 0, "capget");
    const uint32_t kept = data[0].permitted & (1u << CAP_NET_ADMIN);
    data[0] = {kept, kept, 0};
    data[1] = {0, 0, 0};
    require(syscall(SYS_capset, &header, data) == 0, "capset");
}

}  // namespace

void protect_memory() {
    const rlimit none{0, 0};
    require(setrlimit(RLIMIT_CORE, &none) == 0, "RLIMIT_CORE");
    require(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0, "PR_SET_DUMPABLE");
    if (!keep_out_of_swap()) log(LogLevel::error, "memory-not-locked", {{"error", strerror(errno)}});
}

void drop_privileges() {
    require(chroot(tun_directory) == 0 && chdir("/") == 0, "chroot to /dev/net");
    empty_bounding_set();
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    keep_one_capability();
    require(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "PR_SET_NO_NEW_PRIVS");
}

}  // namespace uxfrm
