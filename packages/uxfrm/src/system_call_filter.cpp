#include "system_call_filter.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <system_error>

namespace uxfrm {
namespace {

/** What the sanitizers of a test build do of their own: at a throw, to look at memory, in a thread of theirs. */
#ifdef UXFRM_SANITIZED
constexpr std::array<int, 4> sanitizer_calls = {SCMP_SYS(sigaltstack), SCMP_SYS(pipe2), SCMP_SYS(nanosleep), SCMP_SYS(sched_yield)};
#else
constexpr std::array<int, 0> sanitizer_calls = {};
#endif

/** A call that an architecture does not have (time, poll…) need not be allowed there. */
void check(int result) {
    if (result < 0 && result != -EDOM) throw std::system_error(-result, std::generic_category(), "seccomp");
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

SystemCallFilter::SystemCallFilter() : context_(seccomp_init(SCMP_ACT_TRAP)) {
    if (!context_) throw std::system_error(ENOMEM, std::generic_category(), "seccomp");
    for (const int call : sanitizer_calls) allow(call);
    // Memory that is code stays what it is, and other memory never becomes code.
    allow(SCMP_SYS(mmap), masked(2, PROT_EXEC, 0));
    allow(SCMP_SYS(mprotect), masked(2, PROT_EXEC, 0));
}

SystemCallFilter::~SystemCallFilter() { seccomp_release(context_); }

void SystemCallFilter::load() {
    report_refused_calls();
    check(seccomp_attr_set(context_, SCMP_FLTATR_CTL_TSYNC, 1));
    check(seccomp_load(context_));
}

void SystemCallFilter::add_rule(int call, const scmp_arg_cmp* comparisons, size_t count) {
    check(seccomp_rule_add_array(context_, SCMP_ACT_ALLOW, call, static_cast<unsigned>(count), comparisons));
}

}  // namespace uxfrm
