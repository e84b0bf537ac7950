#include "probe_daemon.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/capability.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <csignal>
#include <functional>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "echo_message.h"
#include "nobody.h"
#include "private_network.h"
#include "probe_commands.h"

namespace uxfrm {
namespace {

using Json = nlohmann::json;

/** A uxprobe in a process of its own, in this process's network, with its standard input and output here. */
class RunningProber {
public:
    RunningProber() {
        int down[2];
        int up[2];
        if (pipe2(down, O_CLOEXEC) != 0 || pipe2(up, O_CLOEXEC) != 0) abort();
        pid = fork();
        if (pid == 0) {
            close(down[1]);
            close(up[0]);
            try {
                ProbeDaemon daemon(down[0], up[1]);
                become_nobody();
                daemon.run();
                _exit(0);
            } catch (const std::exception& error) {
                fprintf(stderr, "%s\n", error.what());
                _exit(1);
            }
        }
        close(down[0]);
        close(up[1]);
        fcntl(up[0], F_SETPIPE_SZ, 4096);
        commands_ = FileDescriptor(down[1]);
        reports_ = FileDescriptor(up[0]);
    }
    ~RunningProber() {
        if (pid > 0) {
            kill(pid, SIGKILL);
            waitpid(pid, nullptr, 0);
        }
    }

    void say(const std::string& text) const { EXPECT_EQ(write(commands_.get(), text.data(), text.size()), static_cast<ssize_t>(text.size())); }
    void set(const std::string& name, const std::string& address, int interval_ms = 20, int timeout_ms = 100, int mtu = 0) const {
        say(Json{{"command", "set"}, {"name", name}, {"address", address}, {"interval_ms", interval_ms}, {"timeout_ms", timeout_ms}, {"threshold", 3}, {"mtu", mtu}}.dump() + "\n");
    }

    /** Reads lines until one of them, or a state of one, is as wanted; null after some seconds. */
    Json wait_for(const std::function<bool(const Json& line)>& wanted) {
        for (int turns = 0; turns < 400; ++turns) {
            for (size_t end; (end = text_.find('\n')) != std::string::npos;) {
                const Json line = Json::parse(text_.substr(0, end));
                text_.erase(0, end + 1);
                if (line["event"] != "states" && wanted(line)) return line;
                for (const Json& state : line.value("states", Json::array())) {
                    states[state["name"]] = state;
                    if (wanted(state)) return state;
                }
            }
            pollfd wait{reports_.get(), POLLIN, 0};
            if (poll(&wait, 1, 25) != 1) continue;
            std::array<char, 65536> buffer;
            const ssize_t length = read(reports_.get(), buffer.data(), buffer.size());
            if (length <= 0) return nullptr;
            text_.append(buffer.data(), static_cast<size_t>(length));
        }
        return nullptr;
    }
    Json wait_for_state(const std::string& name, bool answers) {
        return wait_for([&](const Json& line) { return line.value("name", "") == name && line["answers"] == answers; });
    }

    /** Its exit status after the end of its commands. */
    int end() {
        commands_ = FileDescriptor();
        int status = -1;
        waitpid(std::exchange(pid, -1), &status, 0);
        return status;
    }

    pid_t pid;
    std::map<std::string, Json> states;

private:
    FileDescriptor commands_;
    FileDescriptor reports_;
    std::string text_;
};

class ProbeDaemonTest : public testing::Test {
protected:
    void SetUp() override {
        if (!network) GTEST_SKIP() << "needs root";
    }

    const PrivateNetwork network;
};

TEST_F(ProbeDaemonTest, TellsWhoAnswersAndWhoDoesNot) {
    RunningProber prober;
    EXPECT_FALSE(prober.wait_for([](const Json& line) { return line.value("event", "") == "ready"; }).is_null());
    prober.set("here", "127.0.0.1");
    // Nobody leads there.
    prober.set("nowhere", "192.0.2.1");
    EXPECT_FALSE(prober.wait_for_state("here", true).is_null());
    const Json lost = prober.wait_for([](const Json& line) { return line.value("name", "") == "nowhere" && line["run"] == 3; });
    ASSERT_FALSE(lost.is_null());
    EXPECT_EQ(lost["lost"], 3);
    EXPECT_EQ(lost["unsent"], 3);
    const Json later = prober.wait_for([](const Json& line) { return line.value("name", "") == "here" && line["sent"] > 10; });
    ASSERT_FALSE(later.is_null());
    EXPECT_LT(later["mean_delay_us"], 20'000);
    EXPECT_EQ(prober.end(), 0);
}

TEST_F(ProbeDaemonTest, TellsWhetherPacketsOfTheMtuPass) {
    network.set_loopback_mtu(1438);
    RunningProber prober;
    prober.set("as large as fits", "127.0.0.1", 20, 100, 1438);
    prober.set("larger", "127.0.0.2", 20, 100, 1439);
    prober.set("not asked", "127.0.0.3");
    const auto is_known = [](const std::string& name, const std::string& verdict) {
        return [name, verdict](const Json& line) { return line.value("name", "") == name && line["path_mtu"]["verdict"] == verdict; };
    };
    EXPECT_FALSE(prober.wait_for(is_known("as large as fits", "passes")).is_null());
    // The kernel knows that it does not fit, and so does whoever else sends so much.
    EXPECT_FALSE(prober.wait_for(is_known("larger", "told")).is_null());
    EXPECT_FALSE(prober.wait_for_state("not asked", true).is_null());
    EXPECT_EQ(prober.states["not asked"]["path_mtu"]["verdict"], "unknown");
    for (const auto& [name, state] : prober.states) EXPECT_EQ(state["lost"], 0) << name;
}

TEST_F(ProbeDaemonTest, ATargetComesAndGoesWithoutTheOthersNoticing) {
    RunningProber prober;
    prober.set("first", "127.0.0.1");
    prober.set("second", "127.0.0.2");
    EXPECT_FALSE(prober.wait_for_state("first", true).is_null());
    EXPECT_FALSE(prober.wait_for_state("second", true).is_null());
    prober.say("{\"command\":\"remove\",\"name\":\"second\"}\n");
    for (int i = 0; i < 300; ++i) prober.set("other " + std::to_string(i), "127.0.1." + std::to_string(i % 250 + 1));
    EXPECT_FALSE(prober.wait_for_state("other 299", true).is_null());
    prober.states.clear();
    EXPECT_FALSE(prober.wait_for([](const Json& line) { return line.value("name", "") == "first" && line["sent"] > 20; }).is_null());
    EXPECT_EQ(prober.states.count("second"), 0u);
    EXPECT_EQ(prober.states["first"]["lost"], 0);
    // Another address is another target.
    prober.set("first", "192.0.2.1");
    EXPECT_LT(prober.wait_for_state("first", false)["sent"], 10);
}

TEST_F(ProbeDaemonTest, WhatItCannotObeyIsRefusedAndHarmsNobody) {
    RunningProber prober;
    prober.set("first", "127.0.0.1");
    EXPECT_FALSE(prober.wait_for_state("first", true).is_null());
    const std::vector<std::pair<std::string, std::string>> refusals = {
        {"garbage", "request: "},
        {"[]", "request: "},
        {"{}", "command: "},
        {R"({"command":"stop"})", "command: "},
        {R"({"command":"set","name":"","address":"127.0.0.1","interval_ms":100,"timeout_ms":100,"threshold":3})", "name: "},
        {R"({"command":"set","name":"x","address":"::1","interval_ms":100,"timeout_ms":100,"threshold":3})", "address: "},
        {R"({"command":"set","name":"x","address":"127.0.0.1","interval_ms":1,"timeout_ms":100,"threshold":3})", "interval_ms: "},
        {R"({"command":"set","name":"x","address":"127.0.0.1","interval_ms":100,"timeout_ms":100001,"threshold":3})", "timeout_ms: "},
        {R"({"command":"set","name":"x","address":"127.0.0.1","interval_ms":100,"timeout_ms":100,"threshold":0})", "threshold: "},
        {R"({"command":"set","name":"x","address":"127.0.0.1","interval_ms":100,"timeout_ms":100,"threshold":3,"mtu":65536})", "mtu: "},
    };
    for (const auto& [line, reason] : refusals) {
        prober.say(line + "\n");
        const Json refused = prober.wait_for([](const Json& one) { return one.value("event", "") == "refused"; });
        ASSERT_FALSE(refused.is_null()) << line;
        EXPECT_EQ(refused["reason"].get<std::string>().rfind(reason, 0), 0u) << refused;
    }
    prober.say(std::string(100'000, 'x') + "\n");
    prober.set("second", "127.0.0.2");
    EXPECT_FALSE(prober.wait_for_state("second", true).is_null());
    EXPECT_EQ(prober.states["first"]["lost"], 0);
}

/** Answers that lay in the socket meanwhile came in time, and what was not sent counts for nothing. */
TEST_F(ProbeDaemonTest, AStopOfItsOwnIsNobodysLoss) {
    RunningProber prober;
    for (int i = 0; i < 50; ++i) prober.set(std::to_string(i), "127.0.0." + std::to_string(i + 1));
    EXPECT_FALSE(prober.wait_for_state("49", true).is_null());
    for (int stops = 0; stops < 5; ++stops) {
        kill(prober.pid, SIGSTOP);
        usleep(300'000);
        kill(prober.pid, SIGCONT);
        usleep(37'000);
    }
    const Json state = prober.wait_for([](const Json& line) { return line.value("name", "") == "7" && line["sent"] > 20; });
    ASSERT_FALSE(state.is_null());
    for (const auto& [name, one] : prober.states) EXPECT_EQ(one["lost"], 0) << name;
}

/** Somebody who sees one tunnel's probes cannot answer another's, and whoever floods is read a part at a time. */
TEST_F(ProbeDaemonTest, ForgedAnswersAreNoneHoweverManyThereAre) {
    const FileDescriptor raw(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
    RunningProber prober;
    prober.set("mine", "127.0.0.1");
    prober.set("silent", "192.0.2.1");
    EXPECT_FALSE(prober.wait_for_state("mine", true).is_null());
    std::array<uint8_t, 256> seen;
    do {
        ASSERT_GT(recv(raw.get(), seen.data(), seen.size(), 0), 0);
    } while (seen[20] != 8);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::vector<uint8_t> forged(seen.begin() + 20, seen.begin() + 20 + echo_message_length);
    forged[0] = 0;
    for (uint32_t i = 0; i < 50'000; ++i) {
        const uint32_t target = i % 4;
        std::memcpy(&forged[12], &target, sizeof(target));
        const auto sequence = static_cast<uint16_t>(htons(static_cast<uint16_t>(i / 4)));
        std::memcpy(&forged[6], &sequence, sizeof(sequence));
        sendto(raw.get(), forged.data(), forged.size(), 0, reinterpret_cast<sockaddr*>(&to), sizeof(to));
    }
    const Json state = prober.wait_for([](const Json& line) { return line.value("name", "") == "mine" && line["sent"] > 10; });
    ASSERT_FALSE(state.is_null());
    EXPECT_EQ(state["lost"], 0);
    EXPECT_EQ(prober.states["silent"]["answers"], false);
}

/** Who reads nothing for a while is told the newest state of each target, not everything that it missed. */
TEST_F(ProbeDaemonTest, AReaderThatStallsHearsTheNewestState) {
    RunningProber prober;
    for (int i = 0; i < 2000; ++i) prober.set(std::to_string(i), "127.0." + std::to_string(i / 250) + "." + std::to_string(i % 250 + 1), 1000);
    usleep(700'000);  // the pipe is full
    std::set<std::string> heard;
    const Json all = prober.wait_for([&](const Json& line) {
        if (line.contains("name")) heard.insert(line["name"]);
        return heard.size() == 2000;
    });
    EXPECT_FALSE(all.is_null());
}

TEST_F(ProbeDaemonTest, IsNobodyAndEndsWithItsCommands) {
    RunningProber prober;
    prober.set("first", "127.0.0.1");
    EXPECT_FALSE(prober.wait_for_state("first", true).is_null());
    const auto status_of = [&](const std::string& field) {
        FILE* file = fopen(("/proc/" + std::to_string(prober.pid) + "/status").c_str(), "r");
        std::array<char, 256> line;
        std::string found;
        while (fgets(line.data(), line.size(), file) != nullptr)
            if (std::string(line.data()).rfind(field + ":", 0) == 0) found = line.data();
        fclose(file);
        return found;
    };
    EXPECT_EQ(status_of("Uid"), "Uid:\t65534\t65534\t65534\t65534\n");
    EXPECT_EQ(status_of("Gid"), "Gid:\t65534\t65534\t65534\t65534\n");
    for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"}) EXPECT_EQ(status_of(set), std::string(set) + ":\t0000000000000000\n");
    EXPECT_EQ(status_of("NoNewPrivs"), "NoNewPrivs:\t1\n");
    EXPECT_EQ(status_of("Seccomp"), "Seccomp:\t2\n");
    EXPECT_EQ(prober.end(), 0);
}

void expect_killed(const std::function<void()>& action) {
    const pid_t child = fork();
    if (child == 0) {
        become_nobody();
        action();
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) << status;
}

TEST(Nobody, OpensNoFileNoSocketAndReachesNoProcess) {
    if (geteuid() != 0) GTEST_SKIP() << "needs root";
    expect_killed([] { open("/etc/passwd", O_RDONLY | O_CLOEXEC); });
    expect_killed([] { socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0); });
    expect_killed([] { kill(1, 0); });
    expect_killed([] { execl("/bin/true", "true", nullptr); });
}

TEST(LineReader, PassesOverLinesThatAreTooLong) {
    int ends[2];
    ASSERT_EQ(pipe2(ends, O_NONBLOCK), 0);
    LineReader reader(5);
    std::vector<std::string> lines;
    const auto handle = [&](std::string_view line) { lines.emplace_back(line); };
    for (const std::string part : {"abc\nab", "cde\n", "abcdef\n", "0123456789", "0123456789\nab\n", "x"}) {
        ASSERT_EQ(write(ends[1], part.data(), part.size()), static_cast<ssize_t>(part.size()));
        EXPECT_TRUE(reader.read(ends[0], handle));
    }
    EXPECT_EQ(lines, (std::vector<std::string>{"abc", "abcde", "ab"}));
    close(ends[1]);
    EXPECT_FALSE(reader.read(ends[0], handle));
    close(ends[0]);
}

}  // namespace
}  // namespace uxfrm
