#include "control_server.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>

#include "log.h"
#include "unix_socket.h"

namespace uxfrm {

ControlServer::ControlServer(EventLoop& loop, std::string path, Handler handler)
    : loop_(loop), path_(std::move(path)), handler_(std::move(handler)), listener_(listen_path(SOCK_STREAM, path_)) {
    loop_.watch(listener_.get(), EPOLLIN, [this](uint32_t) { accept_connection(); });
}

ControlServer::~ControlServer() {
    for (auto& entry : connections_) loop_.unwatch(entry.first);
    loop_.unwatch(listener_.get());
}

void ControlServer::accept_connection() {
    Peer peer = accept_trusted(listener_.get());
    if (!peer.socket) return;
    if (connections_.size() >= max_connections) {
        log(LogLevel::error, "control-connection-refused", {{"connections", connections_.size()}});
        return;
    }
    const int fd = peer.socket.get();
    connections_[fd].socket = std::move(peer.socket);
    loop_.watch(fd, EPOLLIN, [this, fd](uint32_t events) { serve(fd, events); });
}

void ControlServer::serve(int fd, uint32_t events) {
    Connection& connection = connections_.at(fd);
    bool keep = true;
    if ((events & EPOLLOUT) != 0) keep = send_replies(connection) && answer_lines(connection);
    if (keep && (events & ~static_cast<uint32_t>(EPOLLOUT)) != 0) keep = receive(connection);
    if (!keep) return close_connection(fd);
    const bool wants_write = !connection.unsent.empty();
    if (wants_write == connection.wants_write) return;
    connection.wants_write = wants_write;
    loop_.modify(fd, wants_write ? EPOLLOUT : EPOLLIN);  // no new requests while replies wait
}

bool ControlServer::receive(Connection& connection) {
    std::array<char, 16384> buffer;
    const ssize_t length = recv(connection.socket.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (length < 0) return errno == EAGAIN || errno == EINTR;
    if (length == 0) return false;
    connection.received.append(buffer.data(), static_cast<size_t>(length));
    return answer_lines(connection);
}

bool ControlServer::answer_lines(Connection& connection) {
    size_t begin = 0;
    while (connection.unsent.size() < max_unsent) {
        const size_t end = connection.received.find('\n', begin);
        if (end == std::string::npos) break;
        connection.unsent += handler_(std::string_view(connection.received).substr(begin, end - begin));
        connection.unsent += '\n';
        begin = end + 1;
    }
    connection.received.erase(0, begin);
    if (connection.received.size() > max_line) return false;
    return send_replies(connection);
}

bool ControlServer::send_replies(Connection& connection) {
    while (!connection.unsent.empty()) {
        const ssize_t sent = send(connection.socket.get(), connection.unsent.data(), connection.unsent.size(),
                                  MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent < 0) return errno == EAGAIN || errno == EINTR;
        connection.unsent.erase(0, static_cast<size_t>(sent));
    }
    return true;
}

void ControlServer::close_connection(int fd) {
    loop_.unwatch(fd);
    connections_.erase(fd);
}

}  // namespace uxfrm
