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
    auto connection = std::make_shared<Connection>();
    connection->socket = std::move(peer.socket);
    connection->watched_events = connection->wanted_events();
    loop_.watch(fd, connection->watched_events, [this, fd](uint32_t events) { serve(fd, events); });
    connections_[fd] = std::move(connection);
}

/** No new requests while replies wait or are waited for. That the peer is gone is told in any case. */
uint32_t ControlServer::Connection::wanted_events() const {
    if (!unsent.empty()) return EPOLLOUT;
    return awaits_reply ? 0u : static_cast<uint32_t>(EPOLLIN);
}

void ControlServer::serve(int fd, uint32_t events) {
    const std::shared_ptr<Connection> connection = connections_.at(fd);
    bool keep = true;
    if ((events & EPOLLOUT) != 0) keep = send_replies(*connection) && answer_lines(connection);
    if (keep && (events & ~static_cast<uint32_t>(EPOLLOUT)) != 0) keep = receive(connection);
    if (!keep) return close_connection(fd);
    const uint32_t wanted = connection->wanted_events();
    if (wanted == connection->watched_events) return;
    connection->watched_events = wanted;
    loop_.modify(fd, wanted);
}

bool ControlServer::receive(const std::shared_ptr<Connection>& connection) {
    std::array<char, 16384> buffer;
    const ssize_t length = recv(connection->socket.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (length < 0) return errno == EAGAIN || errno == EINTR;
    if (length == 0) return false;
    connection->received.append(buffer.data(), static_cast<size_t>(length));
    return answer_lines(connection);
}

bool ControlServer::answer_lines(const std::shared_ptr<Connection>& connection) {
    const std::string_view received = connection->received;
    size_t begin = 0;
    while (!connection->awaits_reply && connection->unsent.size() < max_unsent) {
        const size_t end = received.find('\n', begin);
        if (end == std::string_view::npos) break;
        handle(connection, received.substr(begin, end - begin));
        begin = end + 1;
    }
    connection->received.erase(0, begin);
    if (connection->received.size() > max_line) return false;
    return send_replies(*connection);
}

void ControlServer::handle(const std::shared_ptr<Connection>& connection, std::string_view line) {
    connection->awaits_reply = true;
    connection->in_handler = true;
    handler_(line, [this, asking = std::weak_ptr<Connection>(connection)](const std::string& reply) {
        if (const auto connection = asking.lock()) take_reply(*connection, reply);
    });
    connection->in_handler = false;
}

void ControlServer::take_reply(Connection& connection, const std::string& reply) {
    connection.unsent += reply;
    connection.unsent += '\n';
    connection.awaits_reply = false;
    if (!connection.in_handler) serve(connection.socket.get(), EPOLLOUT);  // goes on with the lines that waited
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
