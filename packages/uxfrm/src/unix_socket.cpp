#include "unix_socket.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <system_error>

#include "log.h"

namespace uxfrm {
namespace {

constexpr int backlog = 16;

void require(bool ok, const std::string& what) {
    if (!ok) throw std::system_error(errno, std::generic_category(), what);
}

FileDescriptor open_socket(int type) {
    FileDescriptor fd(socket(AF_UNIX, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    require(static_cast<bool>(fd), "unix socket");
    return fd;
}

bool somebody_listens(int type, const sockaddr_un& address) {
    const FileDescriptor probe = open_socket(type);
    return connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

void remove_left_over(int type, const sockaddr_un& address) {
    struct stat status {};
    if (lstat(address.sun_path, &status) != 0 || !S_ISSOCK(status.st_mode)) return;
    if (somebody_listens(type, address)) throw std::system_error(EADDRINUSE, std::generic_category(), address.sun_path);
    unlink(address.sun_path);
}

}  // namespace

FileDescriptor listen_abstract(int type, const std::string& name) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (name.size() >= sizeof(address.sun_path)) throw std::system_error(ENAMETOOLONG, std::generic_category(), "abstract socket");
    std::memcpy(address.sun_path + 1, name.data(), name.size());
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
    FileDescriptor fd = open_socket(type);
    require(bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), length) == 0, "bind of the XFRM socket");
    require(listen(fd.get(), backlog) == 0, "listen");
    return fd;
}

FileDescriptor listen_path(int type, const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof(address.sun_path))
        throw std::system_error(ENAMETOOLONG, std::generic_category(), "control socket " + path);
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    remove_left_over(type, address);
    FileDescriptor fd = open_socket(type);
    const mode_t old_mask = umask(0177);
    const int bound = bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address));
    umask(old_mask);
    require(bound == 0, "bind of the control socket " + path);
    require(listen(fd.get(), backlog) == 0, "listen");
    return fd;
}

Peer accept_trusted(int listener) {
    Peer peer;
    peer.socket = FileDescriptor(accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!peer.socket) return peer;
    ucred credentials{};
    socklen_t length = sizeof(credentials);
    const bool known = getsockopt(peer.socket.get(), SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0;
    if (!known || (credentials.uid != 0 && credentials.uid != geteuid())) {
        log(LogLevel::error, "peer-refused", {{"uid", credentials.uid}, {"pid", credentials.pid}});
        return Peer{};
    }
    peer.pid = credentials.pid;
    return peer;
}

}  // namespace uxfrm
