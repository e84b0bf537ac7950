#include "xfrm_server.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "../shim/shim_protocol.h"
#include "log.h"
#include "unix_socket.h"
#include "xfrm_policy_codec.h"

namespace uxfrm {
namespace {

constexpr size_t max_datagram = 32768;

uint32_t group_bit(uint32_t group) { return 1u << (group - 1); }

}  // namespace

FileDescriptor XfrmServer::listen() {
    return listen_abstract(SOCK_SEQPACKET, std::string(&UXFRM_SOCKET_NAME[1], UXFRM_SOCKET_NAME_LENGTH - 1));
}

XfrmServer::XfrmServer(EventLoop& loop, FileDescriptor listener, XfrmRequests& requests, const Clock& clock,
                       IkeSocket ike_socket, SessionStart on_session)
    : loop_(loop),
      listener_(std::move(listener)),
      requests_(requests),
      clock_(clock),
      ike_socket_(std::move(ike_socket)),
      on_session_(std::move(on_session)) {
    loop_.watch(listener_.get(), EPOLLIN, [this](uint32_t) { accept_connection(); });
}

XfrmServer::~XfrmServer() {
    for (auto& entry : connections_) loop_.unwatch(entry.first);
    loop_.unwatch(listener_.get());
}

void XfrmServer::accept_connection() {
    Peer peer = accept_trusted(listener_.get());
    if (!peer.socket) return;
    if (connections_.size() >= max_connections) {
        log(LogLevel::error, "xfrm-connection-refused", {{"connections", connections_.size()}});
        return;
    }
    const int fd = peer.socket.get();
    Connection& connection = connections_[fd];
    connection.socket = std::move(peer.socket);
    connection.pid = peer.pid;
    loop_.watch(fd, EPOLLIN, [this, fd](uint32_t events) { serve(fd, events); });
}

void XfrmServer::serve(int fd, uint32_t events) {
    Connection& connection = connections_.at(fd);
    const bool waited = !connection.unsent.empty();
    const bool keep = (events & EPOLLOUT) != 0 ? send_unsent(connection) : read_connection(connection);
    if (!keep) return close_connection(fd);
    if (waited == connection.unsent.empty()) loop_.modify(fd, waited ? EPOLLIN : EPOLLOUT);
}

bool XfrmServer::read_connection(Connection& connection) {
    std::array<uint8_t, max_datagram> buffer;
    const ssize_t length = recv(connection.socket.get(), buffer.data(), buffer.size(), MSG_DONTWAIT | MSG_TRUNC);
    if (length < 0 && (errno == EAGAIN || errno == EINTR)) return true;
    const bool whole = length > 0 && static_cast<size_t>(length) <= buffer.size();
    const bool keep = whole && handle_datagram(connection, {buffer.data(), static_cast<size_t>(length)});
    if (length > 0) OPENSSL_cleanse(buffer.data(), std::min(static_cast<size_t>(length), buffer.size()));
    return keep;
}

bool XfrmServer::send_unsent(Connection& connection) {
    while (!connection.unsent.empty()) {
        const ByteView bytes = connection.unsent.front()->finish();
        if (send(connection.socket.get(), bytes.data, bytes.size, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
            return errno == EAGAIN || errno == EINTR;
        connection.unsent.pop_front();
    }
    return true;
}

bool XfrmServer::handle_datagram(Connection& connection, ByteView datagram) {
    while (auto message = NetlinkMessage::next(datagram))
        if (!handle_message(connection, *message)) return false;
    return true;
}

bool XfrmServer::handle_message(Connection& connection, NetlinkMessage& message) {
    switch (message.header().nlmsg_type) {
        case UXFRM_MSG_IKE_SOCKET: return send_ike_socket(connection, message);
        case UXFRM_MSG_SUBSCRIBE:
            join_session(connection);
            connection.groups = message.fixed<uint32_t>().value_or(0);
            return true;
        default: break;
    }
    join_session(connection);
    for (auto& reply : requests_.handle(message, connection.session)) connection.unsent.push_back(std::move(reply));
    return send_unsent(connection);
}

/** An IKE daemon holds its connections for its whole life, so a new one shows by its pid or after all had closed. */
void XfrmServer::join_session(Connection& connection) {
    if (connection.session != 0) return;
    const bool session_alive = std::any_of(connections_.begin(), connections_.end(),
                                           [this](const auto& entry) { return session_ != 0 && entry.second.session == session_; });
    if (!session_alive || connection.pid != session_pid_) {
        ++session_;
        session_pid_ = connection.pid;
        log(LogLevel::info, "session-started", {{"session", session_}, {"pid", connection.pid}});
        on_session_(session_);
    }
    connection.session = session_;
}

bool XfrmServer::send_ike_socket(const Connection& connection, const NetlinkMessage& message) const {
    nlmsghdr header = message.header();
    header.nlmsg_len = sizeof(header);
    iovec data{&header, sizeof(header)};
    alignas(cmsghdr) std::array<uint8_t, CMSG_SPACE(sizeof(int))> control{};
    msghdr reply{};
    reply.msg_iov = &data;
    reply.msg_iovlen = 1;
    const int socket = ike_socket_(static_cast<uint16_t>(message.fixed<uint32_t>().value_or(AF_INET)));
    if (socket < 0) return sendmsg(connection.socket.get(), &reply, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
    reply.msg_control = control.data();
    reply.msg_controllen = control.size();
    cmsghdr* rights = CMSG_FIRSTHDR(&reply);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(rights), &socket, sizeof(socket));
    return sendmsg(connection.socket.get(), &reply, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
}

void XfrmServer::close_connection(int fd) {
    const auto found = connections_.find(fd);
    if (found == connections_.end()) return;
    const uint64_t session = found->second.session;
    loop_.unwatch(fd);
    connections_.erase(found);
    const bool last = session != 0 && std::none_of(connections_.begin(), connections_.end(),
                                                   [&](const auto& entry) { return entry.second.session == session; });
    if (last) log(LogLevel::info, "session-ended", {{"session", session}});
}

/** Like a netlink multicast: a listener whose queue is full misses the event. */
void XfrmServer::publish(uint32_t group, NetlinkBuilder& event) {
    const ByteView bytes = event.finish();
    for (const auto& entry : connections_) {
        if ((entry.second.groups & group_bit(group)) == 0) continue;
        if (send(entry.first, bytes.data, bytes.size, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
            log(LogLevel::error, "event-lost", {{"group", group}, {"error", strerror(errno)}});
    }
}

/** build_acquire of xfrm_user.c. */
void XfrmServer::acquire(const Policy& policy, const InnerPacket& packet) {
    const PolicyTemplate* tunnel = policy.tunnel();
    if (!tunnel) return;
    xfrm_user_acquire body{};
    body.id = tunnel->raw.id;
    body.saddr = tunnel->raw.saddr;
    body.sel = Selector::of_flow(packet).raw();
    body.policy = policy_info(policy, clock_);
    body.aalgos = tunnel->raw.aalgos;
    body.ealgos = tunnel->raw.ealgos;
    body.calgos = tunnel->raw.calgos;
    NetlinkBuilder event(XFRM_MSG_ACQUIRE, 0, 0);
    event.fixed(body);
    event.attribute(XFRMA_TMPL, tunnel->raw);
    if (policy.if_id != 0) event.attribute(XFRMA_IF_ID, policy.if_id);
    log(LogLevel::info, "acquire", {{"if_id", policy.if_id}, {"reqid", tunnel->raw.reqid}});
    publish(XFRMNLGRP_ACQUIRE, event);
}

void XfrmServer::expire(const SecurityAssociation& sa, const LifetimeUsage& usage, bool hard) {
    xfrm_user_expire body{};
    body.state = sa_info(sa, clock_);
    body.state.curlft = usage_info(usage, clock_);
    body.hard = hard ? 1 : 0;
    NetlinkBuilder event(XFRM_MSG_EXPIRE, 0, 0);
    event.fixed(body);
    if (sa.if_id != 0) event.attribute(XFRMA_IF_ID, sa.if_id);
    add_direction(event, sa);
    publish(XFRMNLGRP_EXPIRE, event);
}

void XfrmServer::mapping(const SecurityAssociation& sa, const IpAddress& new_source, uint16_t new_port) {
    xfrm_user_mapping body{};
    body.id = sa_identity(sa);
    body.reqid = sa.reqid;
    body.old_saddr = sa.source.to_xfrm();
    body.new_saddr = new_source.to_xfrm();
    body.old_sport = sa.encapsulation.encap_sport;
    body.new_sport = new_port;
    NetlinkBuilder event(XFRM_MSG_MAPPING, 0, 0);
    event.fixed(body);
    log(LogLevel::info, "mapping", {{"spi", spi_text(sa.id.spi)}, {"if_id", sa.if_id}, {"source", new_source.text()}});
    publish(XFRMNLGRP_MAPPING, event);
}

}  // namespace uxfrm
