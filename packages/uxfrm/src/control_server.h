#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "event_loop.h"
#include "file_descriptor.h"

namespace uxfrm {

/**
 * Serves request lines on a unix stream socket, one reply line for each, in order: while a reply is to come, the next lines
 * of that connection wait, and only those. The socket's file stays when we end,
 * from where it cannot be reached any more; the next uxfrm replaces it.
 */
class ControlServer {
public:
    /** Once for each line, at once or in a later turn; the connection may be gone by then. */
    using Reply = std::function<void(const std::string& line)>;
    using Handler = std::function<void(std::string_view line, const Reply& reply)>;

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
        uint32_t watched_events = 0;
        /** Of the line that was handled last. */
        bool awaits_reply = false;
        bool in_handler = false;

        uint32_t wanted_events() const;
    };

    void accept_connection();
    void serve(int fd, uint32_t events);
    /** Each returns false when the connection has to go. */
    bool receive(const std::shared_ptr<Connection>& connection);
    bool answer_lines(const std::shared_ptr<Connection>& connection);
    bool send_replies(Connection& connection);
    void handle(const std::shared_ptr<Connection>& connection, std::string_view line);
    void take_reply(Connection& connection, const std::string& reply);
    void close_connection(int fd);

    EventLoop& loop_;
    const std::string path_;
    Handler handler_;
    FileDescriptor listener_;
    std::unordered_map<int, std::shared_ptr<Connection>> connections_;
};

}  // namespace uxfrm
