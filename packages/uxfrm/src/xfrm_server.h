#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <unordered_map>

#include "event_loop.h"
#include "file_descriptor.h"
#include "xfrm_events.h"
#include "xfrm_requests.h"

namespace uxfrm {

/**
 * NETLINK_XFRM for one IKE daemon, over SOCK_SEQPACKET sockets that the shim puts in place of netlink sockets.
 * Hands out the IKE half of UDP port 4500 as well.
 */
class XfrmServer final : public XfrmEvents {
public:
    /** The IKE half of UDP port 4500 of a family; -1 when there is none. */
    using IkeSocket = std::function<int(uint16_t family)>;
    using SessionStart = std::function<void(uint64_t session)>;

    /** The socket that the shim connects to. Throws system_error when another uxfrm has it. */
    static FileDescriptor listen();

    XfrmServer(EventLoop& loop, FileDescriptor listener, XfrmRequests& requests, const Clock& clock, IkeSocket ike_socket,
               SessionStart on_session);
    ~XfrmServer() override;

    void acquire(const Policy& policy, const InnerPacket& packet) override;
    void expire(const SecurityAssociation& sa, const LifetimeUsage& usage, bool hard) override;
    void mapping(const SecurityAssociation& sa, const IpAddress& new_source, uint16_t new_port) override;

private:
    static constexpr size_t max_connections = 64;

    struct Connection {
        FileDescriptor socket;
        pid_t pid = 0;
        uint32_t groups = 0;
        /** The session this connection belongs to; 0 until its first netlink message. */
        uint64_t session = 0;
        /** Replies, of a dump most likely, that the socket has no room for yet; requests wait meanwhile. */
        std::deque<std::unique_ptr<NetlinkBuilder>> unsent;
    };

    void accept_connection();
    void serve(int fd, uint32_t events);
    bool read_connection(Connection& connection);
    /** False when the connection is broken. */
    bool send_unsent(Connection& connection);
    /** False when the connection has to go. */
    bool handle_datagram(Connection& connection, ByteView datagram);
    bool handle_message(Connection& connection, NetlinkMessage& message);
    void join_session(Connection& connection);
    bool send_ike_socket(const Connection& connection, const NetlinkMessage& message) const;
    void close_connection(int fd);
    void publish(uint32_t group, NetlinkBuilder& event);

    EventLoop& loop_;
    FileDescriptor listener_;
    XfrmRequests& requests_;
    const Clock& clock_;
    const IkeSocket ike_socket_;
    SessionStart on_session_;
    std::unordered_map<int, Connection> connections_;
    uint64_t session_ = 0;
    pid_t session_pid_ = 0;
};

}  // namespace uxfrm
