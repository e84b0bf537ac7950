#include "route_socket.h"

#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <system_error>

#include "words.h"

namespace netnsd {

namespace {

/** Dumps come in parts of up to 32 KiB. */
constexpr size_t largest_part = 256 * 1024;
/** The kernel answers at once or never. */
constexpr time_t most_seconds = 15;

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

/** Of an NLMSG_ERROR that is one: errno's text, and what the kernel adds to it. */
std::string describe_error(const RouteMessage& message, int error) {
    std::string text = std::generic_category().message(error);
    if ((message.header.nlmsg_flags & NLM_F_ACK_TLVS) == 0) return text;
    // Behind the error stands the request's header, and without NLM_F_CAPPED the request.
    size_t offset = sizeof(nlmsgerr);
    const auto answer = message.fixed<nlmsgerr>();
    if (answer && (message.header.nlmsg_flags & NLM_F_CAPPED) == 0) offset += answer->msg.nlmsg_len - sizeof(nlmsghdr);
    offset = NLMSG_ALIGN(offset);
    if (offset >= message.body.size) return text;
    const std::string more = Attributes({message.body.data + offset, message.body.size - offset}).text(NLMSGERR_ATTR_MSG);
    return more.empty() ? text : text + " (" + more + ")";
}

}  // namespace

RouteSocket::RouteSocket() : fd_(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)) {
    if (!fd_) fail("an rtnetlink socket");
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    if (bind(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) fail("an rtnetlink socket");
    socklen_t size = sizeof(address);
    if (getsockname(fd_.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) fail("an rtnetlink socket");
    port_id_ = address.nl_pid;
    const int on = 1;
    const int receive_bytes = 1024 * 1024;
    setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUFFORCE, &receive_bytes, sizeof(receive_bytes));
    setsockopt(fd_.get(), SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
    setsockopt(fd_.get(), SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
    setsockopt(fd_.get(), SOL_NETLINK, NETLINK_GET_STRICT_CHK, &on, sizeof(on));
    const timeval patience{most_seconds, 0};
    setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
}

std::optional<std::string> RouteSocket::change(RouteRequest& request) {
    send(request, NLM_F_ACK);
    while (true) {
        ByteView part = receive();
        while (const auto message = next_message(part)) {
            if (message->header.nlmsg_seq != sequence_ || message->header.nlmsg_type != NLMSG_ERROR) continue;
            const auto answer = message->fixed<nlmsgerr>();
            if (!answer) return "an answer that is none";
            if (answer->error == 0) return std::nullopt;
            return describe_error(*message, -answer->error);
        }
    }
}

std::optional<KeptMessage> RouteSocket::get(RouteRequest& request) {
    send(request, 0);
    while (true) {
        ByteView part = receive();
        while (const auto message = next_message(part)) {
            if (message->header.nlmsg_seq != sequence_) continue;
            if (message->header.nlmsg_type != NLMSG_ERROR) return KeptMessage(*message);
            const auto answer = message->fixed<nlmsgerr>();
            if (answer && answer->error == -ENODEV) return std::nullopt;
            throw RequestError(answer ? describe_error(*message, -answer->error) : "an answer that is none");
        }
    }
}

bool RouteSocket::dump(RouteRequest& request, const std::function<void(const RouteMessage&)>& take) {
    send(request, NLM_F_DUMP);
    bool is_consistent = true;
    while (true) {
        ByteView part = receive();
        while (const auto message = next_message(part)) {
            if (message->header.nlmsg_seq != sequence_) continue;
            if ((message->header.nlmsg_flags & NLM_F_DUMP_INTR) != 0) is_consistent = false;
            if (message->header.nlmsg_type == NLMSG_DONE) {
                const auto error = message->fixed<int>();
                if (error && *error < 0) throw RequestError(std::generic_category().message(-*error));
                return is_consistent;
            }
            if (message->header.nlmsg_type == NLMSG_ERROR) {
                const auto answer = message->fixed<nlmsgerr>();
                throw RequestError(answer ? describe_error(*message, -answer->error) : "an answer that is none");
            }
            take(*message);
        }
    }
}

void RouteSocket::send(RouteRequest& request, uint16_t more_flags) {
    const ByteView bytes = request.finish(++sequence_, more_flags);
    while (::send(fd_.get(), bytes.data, bytes.size, 0) < 0)
        if (errno != EINTR) fail("rtnetlink");
}

ByteView RouteSocket::receive() {
    // One for all sockets: there may be thousands, and one is read at a time.
    static std::vector<uint8_t> buffer(largest_part);
    while (true) {
        const ssize_t size = recv(fd_.get(), buffer.data(), buffer.size(), 0);
        if (size > 0) return {buffer.data(), static_cast<size_t>(size)};
        if (size < 0 && errno != EINTR) fail("rtnetlink");
    }
}

}  // namespace netnsd
