#include "privileges.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <csignal>
#include <functional>
#include <future>
#include <thread>

#include "packets.h"
#include "private_network.h"
#include "tun_table.h"
#include "tunnel_mtu.h"
#include "unix_socket.h"

namespace uxfrm {
namespace {

struct Outcome {
    int status = 0;
    std::string log;
};

/** Runs `action` in a process of its own; its exit status is 0 when `action` says true. */
Outcome in_child(const std::function<bool()>& action) {
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        _exit(action() ? 0 : 1);
    }
    close(ends[1]);
    Outcome outcome;
    std::array<char, 4096> buffer;
    for (ssize_t length; (length = read(ends[0], buffer.data(), buffer.size())) > 0;)
        outcome.log.append(buffer.data(), static_cast<size_t>(length));
    close(ends[0]);
    EXPECT_EQ(waitpid(child, &outcome.status, 0), child);
    return outcome;
}

Outcome filtered(const std::function<bool()>& action) {
    return in_child([&] {
        restrict_system_calls();
        return action();
    });
}

void expect_killed(const char* call, const std::function<void()>& action) {
    const Outcome outcome = filtered([&] {
        action();
        return true;
    });
    EXPECT_TRUE(WIFSIGNALED(outcome.status) && WTERMSIG(outcome.status) == SIGSYS) << call << ": status " << outcome.status;
    EXPECT_NE(outcome.log.find("\"event\":\"system-call-refused\",\"call\":\"" + std::string(call) + "\""), std::string::npos) << outcome.log;
}

TEST(SystemCallFilter, EndsTheProcessAtACallThatForwardingDoesNotNeed) {
    expect_killed("execve", [] { execl("/bin/true", "true", nullptr); });
    expect_killed("ptrace", [] { ptrace(PTRACE_TRACEME, 0, nullptr, nullptr); });
    expect_killed("openat", [] { open("/tmp/uxfrm-must-not-exist", O_WRONLY | O_CREAT | O_CLOEXEC, 0600); });
    expect_killed("openat", [] { open("/etc/passwd", O_RDONLY | O_CLOEXEC); });
    expect_killed("socket", [] { socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0); });
    expect_killed("socket", [] { socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0); });
    expect_killed("ioctl", [] { ioctl(0, SIOCSIFADDR, nullptr); });
    expect_killed("kill", [] { kill(1, 0); });
    expect_killed("mprotect", [] {
        static uint8_t page[8192];
        mprotect(reinterpret_cast<void*>((reinterpret_cast<uintptr_t>(page) + 4095) & ~uintptr_t{4095}), 4096, PROT_READ | PROT_EXEC);
    });
    EXPECT_NE(access("/tmp/uxfrm-must-not-exist", F_OK), 0);
}

/** Workers have been started by then. */
TEST(SystemCallFilter, HoldsForThreadsThatAreThereAlready) {
    const Outcome outcome = in_child([] {
        std::promise<void> filtered;
        std::thread worker([&] {
            filtered.get_future().wait();
            open("/etc/passwd", O_RDONLY | O_CLOEXEC);
        });
        restrict_system_calls();
        filtered.set_value();
        worker.join();
        return true;
    });
    EXPECT_TRUE(WIFSIGNALED(outcome.status) && WTERMSIG(outcome.status) == SIGSYS) << "status " << outcome.status;
}

TEST(SystemCallFilter, LetsForwardingGoOn) {
    const Outcome outcome = filtered([] {
        const auto mtu = query_path_mtu(address("127.0.0.1"), address("127.0.0.1"));
        const auto mtu6 = query_path_mtu(address("::1"), address("::1"));
        std::vector<uint8_t> memory(1 << 20, 1);  // mmap
        return mtu && mtu6 && memory.back() == 1;
    });
    EXPECT_EQ(outcome.status, 0) << outcome.log;
}

/** /dev/net/tun is what stays of the file system, CAP_NET_ADMIN of the capabilities: devices still come and go. */
TEST(Privileges, TunDevicesCanBeMadeWithoutTheRest) {
    if (geteuid() != 0) GTEST_SKIP() << "needs root";
    const Outcome outcome = in_child([]() -> bool {
        const PrivateNetwork network;
        DropCounters drops;
        EventLoop loop;
        ControlQueue queue(loop);
        SlowCalls slow_calls(queue);
        TunTable tuns(drops, slow_calls);
        drop_privileges();
        slow_calls.start();
        restrict_system_calls();
        tuns.add("uxtest0", 7, 1400);
        tuns.add("uxtest0", 7, 1300);
        const bool made = tuns.find(7)->mtu() == 1300;
        std::string errors;
        tuns.remove("uxtest0", [&](const std::string& error) {
            errors += error;
            tuns.remove("uxtest0", [&](const std::string& absent) {
                errors += absent;
                loop.stop();
            });
        });
        loop.run();
        _exit(made && errors.empty() ? 0 : 1);  // leaving the namespace again takes more rights
    });
    EXPECT_EQ(outcome.status, 0) << outcome.log;
}

TEST(Privileges, TheRestIsGone) {
    if (geteuid() != 0) GTEST_SKIP() << "needs root";
    const Outcome outcome = in_child([] {
        drop_privileges();
        const auto fails_with = [](int result, int error) { return result < 0 && errno == error; };
        return fails_with(open("/etc/passwd", O_RDONLY), ENOENT) && fails_with(open("/proc/self/mem", O_RDWR), ENOENT) &&
               fails_with(chroot("/"), EPERM) && fails_with(socket(AF_INET, SOCK_RAW, IPPROTO_ESP), EPERM) &&
               fails_with(sethostname("x", 1), EPERM) && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 &&
               prctl(PR_CAPBSET_READ, CAP_SYS_ADMIN, 0, 0, 0) == 0 && prctl(PR_CAPBSET_READ, CAP_NET_ADMIN, 0, 0, 0) == 1;
    });
    EXPECT_EQ(outcome.status, 0) << outcome.log;
}

/** Both unix sockets accept through accept_trusted(). */
TEST(Privileges, OtherUsersAreNotServed) {
    if (geteuid() != 0) GTEST_SKIP() << "needs root";
    const std::string name = "uxfrm-test-" + std::to_string(getpid());
    const FileDescriptor listener = listen_abstract(SOCK_SEQPACKET, name);
    const auto connect_as = [&](uid_t user) {
        return in_child([&] {
            sockaddr_un address{};
            address.sun_family = AF_UNIX;
            name.copy(address.sun_path + 1, name.size());
            const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
            const int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);
            return setuid(user) == 0 && connect(fd, reinterpret_cast<sockaddr*>(&address), length) == 0;
        });
    };
    EXPECT_EQ(connect_as(65534).status, 0);
    EXPECT_FALSE(accept_trusted(listener.get()).socket);
    EXPECT_EQ(connect_as(0).status, 0);
    EXPECT_TRUE(accept_trusted(listener.get()).socket);
}

TEST(Privileges, MemoryStaysOutOfCoreDumpsAndDebuggers) {
    const Outcome outcome = in_child([] {
        protect_memory();
        rlimit core{1, 1};
        getrlimit(RLIMIT_CORE, &core);
        return core.rlim_max == 0 && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0;
    });
    EXPECT_EQ(outcome.status, 0) << outcome.log;
}

}  // namespace
}  // namespace uxfrm
