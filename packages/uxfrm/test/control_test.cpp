#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <thread>

#include "control_commands.h"
#include "control_server.h"
#include "fake_clock.h"
#include "options.h"

namespace uxfrm {
namespace {

using nlohmann::json;

class ControlCommandsTest : public testing::Test {
protected:
    FakeClock clock;
    DropCounters drops;
    EventLoop loop;
    ControlQueue queue{loop};
    SlowCalls slow_calls{queue};
    TunTable tuns{drops, slow_calls};
    Sad sad;
    Spd spd;
    ControlCommands commands{tuns, sad, spd, drops, clock};

    std::string reply_to(const std::string& line) {
        std::string text;
        commands.handle(line, [&](const std::string& reply) { text += reply; });
        return text;
    }
    json ask(const std::string& line) { return json::parse(reply_to(line)); }
    std::string error_of(const std::string& line) {
        const json reply = ask(line);
        EXPECT_EQ(reply.at("ok"), false);
        return reply.at("error");
    }
};

TEST_F(ControlCommandsTest, Pings) { EXPECT_EQ(reply_to(R"({"command":"ping"})"), R"({"ok":true})"); }

TEST_F(ControlCommandsTest, RefusesWhatIsNoRequest) {
    EXPECT_EQ(error_of("").rfind("request:", 0), 0u);
    EXPECT_EQ(error_of("[1]").rfind("request:", 0), 0u);
    EXPECT_EQ(error_of("{").rfind("request:", 0), 0u);
    EXPECT_EQ(error_of("{}").rfind("command:", 0), 0u);
    EXPECT_EQ(error_of(R"({"command":7})").rfind("command:", 0), 0u);
    EXPECT_EQ(error_of(R"({"command":"reboot"})").rfind("command:", 0), 0u);
    EXPECT_EQ(error_of("{\"command\":\"\xff\"}").empty(), false);
}

TEST_F(ControlCommandsTest, NamesTheWrongField) {
    EXPECT_EQ(error_of(R"({"command":"tun-add","name":"vpnx-1","mtu":1434})").rfind("if_id:", 0), 0u);
    EXPECT_EQ(error_of(R"({"command":"tun-add","name":"vpnx-1","if_id":0,"mtu":1434})").rfind("if_id:", 0), 0u);
    EXPECT_EQ(error_of(R"({"command":"tun-add","name":"vpnx-1","if_id":18446744073709551615,"mtu":1434})").rfind("if_id:", 0), 0u);
    EXPECT_EQ(error_of(R"({"command":"tun-add","name":"vpnx-1","if_id":1,"mtu":100})").rfind("mtu:", 0), 0u);
    EXPECT_EQ(error_of(R"({"command":"tun-add","name":"vpnx-1","if_id":1,"mtu":14.5})").rfind("mtu:", 0), 0u);
    EXPECT_EQ(error_of(R"({"command":"tun-add","name":"a/b","if_id":1,"mtu":1434})").rfind("name:", 0), 0u);
    EXPECT_EQ(error_of(R"({"command":"tun-add","name":"sixteen-letters-","if_id":1,"mtu":1434})").rfind("name:", 0), 0u);
    EXPECT_EQ(error_of(R"({"command":"tun-remove"})").rfind("name:", 0), 0u);
    EXPECT_EQ(error_of(R"({"command":"tun-remove","name":".."})").rfind("name:", 0), 0u);
}

TEST_F(ControlCommandsTest, ListsNoDevices) {
    EXPECT_EQ(ask(R"({"command":"tun-list"})"), json::parse(R"({"ok":true,"tuns":[]})"));
}

TEST_F(ControlCommandsTest, ReportsSasAndDropsButNoKeys) {
    auto sa = std::make_unique<SecurityAssociation>();
    sa->id.spi = 0x674523c1;  // network order on a little-endian machine
    sa->state = SaState::valid;
    sa->if_id = 17;
    sa->output_sequence = 5;
    sa->algorithms.aead = KeyedAlgorithm{"rfc4106(gcm(aes))", SecretBytes(std::vector<uint8_t>(20, 'K')), 128};
    ASSERT_TRUE(sad.insert(std::move(sa)));
    drops.add(Drop::in_no_states, 3);
    clock.now += 12;
    const json reply = ask(R"({"command":"stats"})");
    EXPECT_EQ(reply.at("ok"), true);
    EXPECT_EQ(reply.at("uptime_seconds"), 12);
    EXPECT_EQ(reply.at("policies"), 0);
    EXPECT_EQ(reply.at("drops").at("XfrmInNoStates"), 3);
    EXPECT_GT(reply.at("rss_bytes"), 0);
    const json& first = reply.at("sas").at(0);
    EXPECT_EQ(first.at("spi"), "c1234567");
    EXPECT_EQ(first.at("algorithm"), "rfc4106(gcm(aes))-128");
    EXPECT_EQ(first.at("direction"), "unknown");
    EXPECT_EQ(first.at("sequence"), 5);
    EXPECT_EQ(reply.dump().find("KKKK"), std::string::npos);
}

TEST_F(ControlCommandsTest, TellsKeysToWhoeverAsksForThem) {
    auto sa = std::make_unique<SecurityAssociation>();
    sa->id.spi = 0x674523c1;
    sa->state = SaState::valid;
    sa->if_id = 17;
    sa->flags = XFRM_STATE_ESN;
    sa->algorithms.cipher = KeyedAlgorithm{"cbc(aes)", SecretBytes(std::vector<uint8_t>{0x01, 0xef}), 0};
    sa->algorithms.integrity = KeyedAlgorithm{"hmac(sha256)", SecretBytes(std::vector<uint8_t>{0xa0}), 128};
    ASSERT_TRUE(sad.insert(std::move(sa)));
    auto larval = std::make_unique<SecurityAssociation>();
    larval->id.spi = 7;
    ASSERT_TRUE(sad.insert(std::move(larval)));
    const json reply = ask(R"({"command":"sa-keys"})");
    ASSERT_EQ(reply.at("sas").size(), 1u);
    const json& first = reply.at("sas").at(0);
    EXPECT_EQ(first.at("spi"), "c1234567");
    EXPECT_EQ(first.at("if_id"), 17);
    EXPECT_EQ(first.at("esn"), true);
    EXPECT_EQ(first.at("aead"), nullptr);
    EXPECT_EQ(first.at("cipher"), json::parse(R"json({"name":"cbc(aes)","key":"01ef","icv_bits":0})json"));
    EXPECT_EQ(first.at("integrity"), json::parse(R"json({"name":"hmac(sha256)","key":"a0","icv_bits":128})json"));
}

class ControlServerTest : public testing::Test {
protected:
    const std::string path = "/tmp/uxfrm-control-test." + std::to_string(getpid());
    EventLoop loop;
    ControlServer server{loop, path, [this](std::string_view line, const ControlServer::Reply& reply) {
                             if (line == "stop") loop.stop();
                             reply("<" + std::string(line) + ">");
                         }};

    ~ControlServerTest() override { unlink(path.c_str()); }

    FileDescriptor connect_client() {
        FileDescriptor fd(socket(AF_UNIX, SOCK_STREAM, 0));
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof(address.sun_path) - 1);
        EXPECT_EQ(connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
        return fd;
    }

    static void write_all(const FileDescriptor& fd, const std::string& text) {
        EXPECT_EQ(send(fd.get(), text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
    }

    static std::string read_lines(const FileDescriptor& fd, int lines) {
        std::string text;
        char byte = 0;
        while (lines > 0 && recv(fd.get(), &byte, 1, 0) == 1) {
            text += byte;
            lines -= byte == '\n';
        }
        return text;
    }
};

TEST_F(ControlServerTest, AnswersLinesInOrder) {
    std::thread thread([this] { loop.run(); });
    const FileDescriptor client = connect_client();
    write_all(client, "one\ntw");
    EXPECT_EQ(read_lines(client, 1), "<one>\n");
    write_all(client, "o\nthree\n");
    EXPECT_EQ(read_lines(client, 2), "<two>\n<three>\n");
    write_all(client, "stop\n");
    thread.join();
}

TEST_F(ControlServerTest, EndsAnEndlessLine) {
    std::thread thread([this] { loop.run(); });
    const FileDescriptor client = connect_client();
    const std::string chunk(16384, 'x');
    while (send(client.get(), chunk.data(), chunk.size(), MSG_NOSIGNAL) > 0) {
    }
    char byte = 0;
    EXPECT_LE(recv(client.get(), &byte, 1, 0), 0);
    const FileDescriptor other = connect_client();
    write_all(other, "stop\n");
    thread.join();
}

TEST_F(ControlServerTest, IsOnlyForItsUser) {
    struct stat status {};
    ASSERT_EQ(stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
}

Options parse(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "uxfrm");
    return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

TEST(Options, HaveDefaults) {
    const Options options = parse({"--control", "/x"});
    EXPECT_EQ(options.control_path, "/x");
    EXPECT_EQ(options.stale_sa_seconds, 60u);
    EXPECT_EQ(options.path_mtu, 1500);
}

TEST(Options, TakeHalfTheCoresAtMostFour) {
    const std::vector<std::pair<size_t, size_t>> expected = {{1, 1}, {2, 1}, {3, 1}, {4, 2}, {6, 3}, {8, 4}, {64, 4}};
    for (const auto& [cores, workers] : expected) EXPECT_EQ(default_workers(cores), workers) << cores;
}

TEST(Options, AreRead) {
    const Options options = parse({"--control", "/x", "--log-level", "debug", "--stale-sa-seconds", "5", "--path-mtu", "9000",
                                   "--workers", "3"});
    EXPECT_EQ(options.log_level, LogLevel::debug);
    EXPECT_EQ(options.stale_sa_seconds, 5u);
    EXPECT_EQ(options.path_mtu, 9000);
    EXPECT_EQ(options.workers, 3u);
}

TEST(Options, RefuseNonsense) {
    EXPECT_THROW(parse({}), std::invalid_argument);
    EXPECT_THROW(parse({"--control"}), std::invalid_argument);
    EXPECT_THROW(parse({"--control", "/x", "--path-mtu", "12x"}), std::invalid_argument);
    EXPECT_THROW(parse({"--control", "/x", "--path-mtu", "100"}), std::invalid_argument);
    EXPECT_THROW(parse({"--control", "/x", "--log-level", "loud"}), std::invalid_argument);
    EXPECT_THROW(parse({"--control", "/x", "--workers", "0"}), std::invalid_argument);
    EXPECT_THROW(parse({"--control", "/x", "--workers", "65"}), std::invalid_argument);
    EXPECT_THROW(parse({"--verbose", "yes"}), std::invalid_argument);
}

}  // namespace
}  // namespace uxfrm
