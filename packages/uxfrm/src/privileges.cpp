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

/** What stays: TUN devices need the first, and the second where memory could not be locked without. */
uint32_t kept_capabilities = 1u << CAP_NET_ADMIN;

/** Locked memory beyond the limit needs CAP_IPC_LOCK, and not just any user namespace's. */
bool can_exceed_lock_limit(const rlimit& limit) {
    void* trial = mmap(nullptr, limit.rlim_cur + 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return trial != MAP_FAILED && munmap(trial, limit.rlim_cur + 1) == 0;
}

/** All pages, but only when they are used: buffers that are never touched cost nothing (MCL_ONFAULT). */
bool keep_out_of_swap() {
    const rlimit unlimited{RLIM_INFINITY, RLIM_INFINITY};
    const bool limited = setrlimit(RLIMIT_MEMLOCK, &unlimited) != 0;
    if (mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) != 0) return false;
    if (!limited) return true;
    rlimit limit{};
    getrlimit(RLIMIT_MEMLOCK, &limit);
    if (!can_exceed_lock_limit(limit)) {  // a later allocation would fail; then rather none
        munlockall();
        errno = ENOMEM;
        return false;
    }
    kept_capabilities |= 1u << CAP_IPC_LOCK;
    return true;
}

void reduce_capabilities(uint32_t kept_ones) {
    static_assert(CAP_NET_ADMIN < 32 && CAP_IPC_LOCK < 32);
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
    require(syscall(SYS_capget, &header, data) == 0, "capget");
    const uint32_t kept = data[0].permitted & kept_ones;
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

void empty_bounding_set(uint32_t kept_ones) {
    for (unsigned long capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; ++capability) {
        const bool kept = capability < 32 && (kept_ones >> capability & 1) != 0;
        if (!kept && prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0 && errno != EPERM)
            throw std::system_error(errno, std::generic_category(), "PR_CAPBSET_DROP");
    }
}

void keep_capabilities(uint32_t kept_ones) {
    empty_bounding_set(kept_ones);
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    reduce_capabilities(kept_ones);
    require(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "PR_SET_NO_NEW_PRIVS");
}

void drop_privileges() {
    require(chroot(tun_directory) == 0 && chdir("/") == 0, "chroot to /dev/net");
    keep_capabilities(kept_capabilities);
}

}  // namespace uxfrm
