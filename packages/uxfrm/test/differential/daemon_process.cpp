#include "daemon_process.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

#include "file_descriptor.h"

namespace uxfrm::differential {
namespace {

/** It listens there a moment later than for XFRM. */
constexpr int start_attempts = 300;

}  // namespace

TemporaryFolder::TemporaryFolder() {
    if (!mkdtemp(path_)) throw std::runtime_error("no temporary folder");
}

TemporaryFolder::~TemporaryFolder() {
    for (const char* file : {"/control", "/log"}) unlink((std::string(path_) + file).c_str());
    rmdir(path_);
}

DaemonProcess::DaemonProcess(const std::string& program) : pid_(fork()) {
    if (pid_ != 0) return;
    const std::string control = folder_.path() + "/control";
    if (!std::freopen((folder_.path() + "/log").c_str(), "w", stderr)) _exit(126);
    execl(program.c_str(), "uxfrm", "--control", control.c_str(), static_cast<char*>(nullptr));
    _exit(127);
}

DaemonProcess::~DaemonProcess() {
    if (pid_ <= 0) return;
    kill(pid_, SIGTERM);
    waitpid(pid_, nullptr, 0);
}

nlohmann::json DaemonProcess::control(const nlohmann::json& request) const {
    const FileDescriptor connection(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, (folder_.path() + "/control").c_str(), sizeof(address.sun_path) - 1);
    for (int attempt = 0; connect(connection.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0; ++attempt) {
        if (attempt == start_attempts) throw std::runtime_error("uxfrm's control socket cannot be reached");
        poll(nullptr, 0, 100);
    }
    const std::string line = request.dump() + "\n";
    if (write(connection.get(), line.data(), line.size()) < 0) throw std::runtime_error("uxfrm's control socket is closed");
    std::string reply;
    char byte = 0;
    while (read(connection.get(), &byte, 1) == 1 && byte != '\n') reply += byte;
    const nlohmann::json answer = nlohmann::json::parse(reply);
    if (!answer.at("ok").get<bool>()) throw std::runtime_error(reply);
    return answer;
}

}  // namespace uxfrm::differential
