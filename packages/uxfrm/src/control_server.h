#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "event_loop.h"
#include "file_descriptor.h"

namespace uxfrm {

/**
 * Serves request lines on a unix stream socket, one reply line for each, in order. The socket's file stays when we end,
 * from where it cannot be reached any more; the next uxfrm replaces it.
 */
class ControlServer {
public:
    using Handler = std::function<std::string(std::string_view line)>;

    ControlServer(EventLoop& loop, std::string path, Handler handler);
    ~ControlServer();

private:
    static constexpr size_t max_connections = 32;
    static constexpr size_t max_line = 64 << 10;
    static constexpr size_t max_unsent = 32 << 20;

    struct Connection {
        FileDescriptor socket;
        std::string received;
        std::string unsent;
        bool wants_write = false;
    };

    void accept_connection();
    void serve(int fd, uint32_t events);
    /** Each returns false when the connection has to go. */
    bool receive(Connection& connection);
    bool answer_lines(Connection& connection);
    bool send_replies(Connection& connection);
    void close_connection(int fd);

    EventLoop& loop_;
    const std::string path_;
    Handler handler_;
    FileDescriptor listener_;
    std::unordered_map<int, Connection> connections_;
};

}  // namespace uxfrm
