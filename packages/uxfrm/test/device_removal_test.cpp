#include <gtest/gtest.h>
#include <net/if.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <future>
#include <optional>
#include <stdexcept>
#include <thread>

#include "control_commands.h"
#include "control_server.h"
#include "fake_clock.h"
#include "private_network.h"

// Removing a device keeps only its caller waiting. Here the kernel is as slow as a test wants it: a call before it does not end.

namespace uxfrm {
namespace {

const std::string ok = R"({"ok":true})";
const std::string ping = R"({"command":"ping"})";
const std::string list = R"({"command":"tun-list"})";
const std::string no_tuns = R"({"ok":true,"tuns":[]})";

std::string add(const std::string& name, uint32_t if_id) {
    return R"({"command":"tun-add","name":")" + name + R"(","if_id":)" + std::to_string(if_id) + R"(,"mtu":1400})";
}
std::string remove(const std::string& name) { return R"({"command":"tun-remove","name":")" + name + R"("})"; }

class Client {
public:
    explicit Client(const std::string& path) : socket_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof(address.sun_path) - 1);
        const timeval patience{20, 0};
        setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
        EXPECT_EQ(connect(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    }

    void say(const std::string& lines) {
        EXPECT_EQ(send(socket_.get(), lines.data(), lines.size(), MSG_NOSIGNAL), static_cast<ssize_t>(lines.size()));
    }
    std::string hear() {
        std::string line;
        for (char byte = 0; recv(socket_.get(), &byte, 1, 0) == 1 && byte != '\n';) line += byte;
        return line;
    }
    std::string ask(const std::string& line) {
        say(line + "\n");
        return hear();
    }
    /** On return the removal is under way. */
    void begin(const std::string& removal, const std::string& later_lines = "") {
        say(ping + "\n" + removal + "\n" + later_lines);
        EXPECT_EQ(hear(), ok);
    }
    bool hears_nothing_yet() {
        char byte = 0;
        return recv(socket_.get(), &byte, 1, MSG_DONTWAIT | MSG_PEEK) < 0 && errno == EAGAIN;
    }

private:
    FileDescriptor socket_;
};

class DeviceRemovalTest : public testing::Test {
protected:
    const std::string path = "/tmp/uxfrm-removal-test." + std::to_string(getpid());
    FakeClock clock;
    DropCounters drops;
    Sad sad;
    Spd spd;
    EventLoop loop;
    ControlQueue queue{loop};
    SlowCalls slow_calls{queue};
    TunTable tuns{drops, slow_calls};
    ControlCommands commands{tuns, sad, spd, drops, clock};
    ControlServer server{loop, path, [this](std::string_view line, const ControlServer::Reply& reply) { commands.handle(line, reply); }};
    std::promise<void> kernel_goes_on;
    bool kernel_waits = false;
    std::thread thread;

    void start() {
        slow_calls.start();
        thread = std::thread([this] { loop.run(); });
    }
    void TearDown() override {
        let_kernel_go_on();
        loop.stop();
        if (thread.joinable()) thread.join();
        unlink(path.c_str());
    }

    void hold_kernel() {
        kernel_waits = true;
        slow_calls.make([go_on = kernel_goes_on.get_future().share()] { go_on.wait(); }, [](const std::string&) {});
    }
    void let_kernel_go_on() {
        if (kernel_waits) kernel_goes_on.set_value();
        kernel_waits = false;
    }
};

TEST_F(DeviceRemovalTest, OthersAreServedMeanwhile) {
    start();
    hold_kernel();
    Client remover(path), other(path);
    remover.begin(remove("uxt-absent"));
    EXPECT_EQ(other.ask(ping), ok);
    std::promise<void> turn;
    queue.post([&] { turn.set_value(); });
    EXPECT_EQ(turn.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
    EXPECT_TRUE(remover.hears_nothing_yet());
    let_kernel_go_on();
    EXPECT_EQ(remover.hear(), ok);
}

TEST_F(DeviceRemovalTest, LaterLinesOfItsConnectionWait) {
    start();
    hold_kernel();
    Client remover(path), other(path);
    remover.begin(remove("uxt-absent"), list + "\n");
    remover.say(remove("uxt-other") + "\n" + list + "\n" + ping + "\n");
    EXPECT_EQ(other.ask(ping), ok);
    EXPECT_TRUE(remover.hears_nothing_yet());
    let_kernel_go_on();
    for (const std::string& reply : {ok, no_tuns, ok, no_tuns, ok}) EXPECT_EQ(remover.hear(), reply);
}

TEST_F(DeviceRemovalTest, AllWhoRemoveADeviceAreTold) {
    start();
    hold_kernel();
    Client one(path), two(path);
    one.begin(remove("uxt-absent"));
    two.begin(remove("uxt-absent"));
    EXPECT_TRUE(one.hears_nothing_yet());
    EXPECT_TRUE(two.hears_nothing_yet());
    let_kernel_go_on();
    EXPECT_EQ(one.hear(), ok);
    EXPECT_EQ(two.hear(), ok);
}

/** Nor may who comes next on the same descriptor get its reply. */
TEST_F(DeviceRemovalTest, AConnectionThatIsGoneMeanwhileHarmsNobody) {
    start();
    hold_kernel();
    std::optional<Client> remover(path);
    remover->begin(remove("uxt-absent"), list + "\n");
    remover.reset();
    Client next(path);
    EXPECT_EQ(next.ask(ping), ok);
    Client third(path);
    next.begin(remove("uxt-other"));
    let_kernel_go_on();
    EXPECT_EQ(next.hear(), ok);
    EXPECT_EQ(next.ask(list), no_tuns);
    EXPECT_EQ(third.ask(list), no_tuns);
}

TEST_F(DeviceRemovalTest, AFailureIsTold) {
    start();
    Client client(path);
    EXPECT_EQ(client.ask(remove("lo")), R"({"ok":false,"error":"name: not a TUN device of ours"})");
    EXPECT_EQ(client.ask(remove("lo")), R"({"ok":false,"error":"name: not a TUN device of ours"})");
    EXPECT_EQ(client.ask(ping), ok);
}

/** Packets that tell IKE something may fill the queue; what they tell may be lost, the end of a call not. */
TEST(SlowCalls, AreToldWhenTheQueueIsFull) {
    EventLoop loop;
    ControlQueue queue(loop);
    SlowCalls slow_calls(queue);
    for (int i = 0; i < 2000; ++i) queue.post([] {});
    std::string told;
    std::promise<void> next_one;
    slow_calls.make([] { throw std::runtime_error("busy"); }, [&](const std::string& error) { told = error; });
    slow_calls.make([&] { next_one.set_value(); }, [](const std::string&) {});
    slow_calls.start();
    next_one.get_future().wait();
    loop.after_each_turn([&] { loop.stop(); });
    loop.run();
    EXPECT_EQ(told, "busy");
}

/** In a network namespace of their own. */
class RealDeviceRemovalTest : public DeviceRemovalTest {
protected:
    std::optional<PrivateNetwork> network;

    void SetUp() override {
        if (geteuid() != 0) GTEST_SKIP() << "needs root";
        network.emplace();
        start();
    }
    void TearDown() override {
        DeviceRemovalTest::TearDown();
        network.reset();
    }
    static bool exists(const char* name) { return if_nametoindex(name) != 0; }
};

TEST_F(RealDeviceRemovalTest, IsDoneWhenItIsTold) {
    Client client(path);
    for (int i = 0; i < 20; ++i) {
        ASSERT_EQ(client.ask(add("uxt0", 7)), ok);
        ASSERT_TRUE(exists("uxt0"));
        ASSERT_EQ(client.ask(remove("uxt0")), ok);
        ASSERT_FALSE(exists("uxt0"));
    }
}

TEST_F(RealDeviceRemovalTest, NobodyAttachesToADeviceThatGoes) {
    Client remover(path), other(path);
    ASSERT_EQ(other.ask(add("uxt0", 7)), ok);
    hold_kernel();
    remover.begin(remove("uxt0"));
    EXPECT_EQ(other.ask(list), no_tuns);
    EXPECT_EQ(other.ask(add("uxt0", 7)), R"({"ok":false,"error":"name: uxt0 is being removed"})");
    EXPECT_EQ(other.ask(add("uxt1", 7)), ok);
    EXPECT_TRUE(exists("uxt0"));
    let_kernel_go_on();
    EXPECT_EQ(remover.hear(), ok);
    EXPECT_FALSE(exists("uxt0"));
    EXPECT_EQ(other.ask(add("uxt0", 8)), ok);
    EXPECT_TRUE(exists("uxt0"));
}

TEST_F(RealDeviceRemovalTest, ADeviceThatNobodyServesWaitsItsTurnToo) {
    {
        EventLoop idle;
        ControlQueue unused(idle);
        SlowCalls none(unused);
        TunTable(drops, none).add("uxt0", 7, 1400);
    }
    Client remover(path), other(path);
    hold_kernel();
    remover.begin(remove("uxt0"));
    EXPECT_EQ(other.ask(add("uxt0", 7)), R"({"ok":false,"error":"name: uxt0 is being removed"})");
    EXPECT_TRUE(exists("uxt0"));
    let_kernel_go_on();
    EXPECT_EQ(remover.hear(), ok);
    EXPECT_FALSE(exists("uxt0"));
}

/** As when the daemon ends: what has not begun is left, and the device stays as all others do. */
TEST_F(RealDeviceRemovalTest, TheEndLeavesWhatHasNotBegun) {
    EventLoop idle;
    ControlQueue unused(idle);
    bool told = false;
    {
        SlowCalls not_started(unused);
        TunTable ending(drops, not_started);
        ending.add("uxt0", 7, 1400);
        ending.remove("uxt0", [&](const std::string&) { told = true; });
        EXPECT_EQ(ending.find(7), nullptr);
    }
    EXPECT_FALSE(told);
    EXPECT_TRUE(exists("uxt0"));
}

}  // namespace
}  // namespace uxfrm
