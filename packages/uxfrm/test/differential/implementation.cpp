#include "implementation.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <system_error>

#include "../../shim/shim_protocol.h"
#include "message_text.h"

namespace uxfrm::differential {
namespace {

constexpr int answer_milliseconds = 10000;
constexpr int start_attempts = 300;
/** A question with a sure answer, behind every request: what came before it is all of the request's answer. */
constexpr uint32_t end_sequence = 0xffffffff;

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

FileDescriptor open_netlink(uint32_t groups) {
    FileDescriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_XFRM));
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    address.nl_groups = groups;
    if (!socket || bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) fail("NETLINK_XFRM");
    return socket;
}

FileDescriptor connect_uxfrm() {
    FileDescriptor socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, UXFRM_SOCKET_NAME, UXFRM_SOCKET_NAME_LENGTH);
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + UXFRM_SOCKET_NAME_LENGTH);
    for (int attempt = 0; connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), length) != 0; ++attempt) {
        if (attempt == start_attempts || errno != ECONNREFUSED) fail("uxfrm");
        poll(nullptr, 0, 100);
    }
    return socket;
}

Message sad_question() { return Message::of(XFRM_MSG_GETSADINFO, uint32_t{0}).with_flags(NLM_F_REQUEST); }

void must_answer(bool answered) {
    if (!answered) throw std::runtime_error("no answer to an XFRM request");
}

nlmsghdr header_of(const Bytes& message) {
    nlmsghdr header;
    std::memcpy(&header, message.data(), sizeof(header));
    return header;
}

}  // namespace

Implementation Implementation::kernel() { return {true, open_netlink(0)}; }

Implementation Implementation::uxfrm() { return {false, connect_uxfrm()}; }

std::vector<std::string> Implementation::ask(const Message& request, uint32_t number) {
    Bytes bytes = request.encode(number);
    names_.resolve(bytes);
    send(socket_.get(), bytes);
    std::vector<Bytes> replies;
    const bool dump = (request.type == XFRM_MSG_GETSA || request.type == XFRM_MSG_GETPOLICY) && (request.flags & NLM_F_DUMP) != 0 &&
                      (request.flags & NLM_F_REQUEST) != 0;
    if (dump) receive_until(number, {NLMSG_DONE, NLMSG_ERROR}, replies);
    send(socket_.get(), sad_question().encode(end_sequence));
    receive_until(end_sequence, {XFRM_MSG_NEWSADINFO}, replies);
    replies.pop_back();
    learn_names(request, number, replies);
    return lines_of(replies, number);
}

void Implementation::listen(uint32_t groups) {
    if (is_kernel_) {
        events_ = open_netlink(groups);
        return;
    }
    events_ = connect_uxfrm();
    Message subscription = Message::of(UXFRM_MSG_SUBSCRIBE, groups);
    send(events_.get(), subscription.encode(0));
    // Answered after the subscription: what happens from now on is heard.
    send(events_.get(), sad_question().encode(end_sequence));
    std::vector<Bytes> answer;
    must_answer(receive(events_.get(), answer));
}

std::vector<std::string> Implementation::events(size_t count) {
    std::vector<Bytes> events;
    while (events.size() < count && receive(events_.get(), events)) {}
    return lines_of(events, 0);
}

void Implementation::send(int socket, const Bytes& bytes) const {
    if (::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0) fail(is_kernel_ ? "request to the kernel" : "request to uxfrm");
}

bool Implementation::receive(int socket, std::vector<Bytes>& messages) const {
    std::array<uint8_t, 65536> buffer;
    pollfd ready{socket, POLLIN, 0};
    if (poll(&ready, 1, answer_milliseconds) <= 0) return false;
    const ssize_t length = recv(socket, buffer.data(), buffer.size(), 0);
    if (length <= 0) fail(is_kernel_ ? "answer of the kernel" : "answer of uxfrm");
    ByteView input{buffer.data(), static_cast<size_t>(length)};
    const uint8_t* start = input.data;
    while (const auto message = NetlinkMessage::next(input)) {
        messages.emplace_back(start, start + message->header().nlmsg_len);
        start = input.data;
    }
    return true;
}

void Implementation::receive_until(uint32_t sequence, const std::vector<uint16_t>& types, std::vector<Bytes>& messages) const {
    const auto is_end = [&](const Bytes& message) {
        const nlmsghdr header = header_of(message);
        return header.nlmsg_seq == sequence && std::find(types.begin(), types.end(), header.nlmsg_type) != types.end();
    };
    while (messages.empty() || !is_end(messages.back()))
        must_answer(receive(socket_.get(), messages));
}

void Implementation::learn_names(const Message& request, uint32_t number, const std::vector<Bytes>& replies) {
    if (replies.empty() || (request.flags & NLM_F_DUMP) != 0) return;
    ByteView input{replies.front().data(), replies.front().size()};
    const auto reply = NetlinkMessage::next(input);
    if (request.type == XFRM_MSG_ALLOCSPI && reply->header().nlmsg_type == XFRM_MSG_NEWSA)
        names_.name_spi(ntohl(reply->fixed<xfrm_usersa_info>()->id.spi), number);
    if (request.type == XFRM_MSG_GETPOLICY && reply->header().nlmsg_type == XFRM_MSG_NEWPOLICY)
        names_.name_index(reply->fixed<xfrm_userpolicy_info>()->index, number);
}

std::vector<std::string> Implementation::lines_of(const std::vector<Bytes>& messages, uint32_t sequence) const {
    std::vector<std::string> lines;
    for (const Bytes& bytes : messages) {
        ByteView input{bytes.data(), bytes.size()};
        const auto message = NetlinkMessage::next(input);
        std::string head = type_text(message->header().nlmsg_type);
        const std::string identity = identity_of(*message, names_);
        if (!identity.empty()) head += " (" + identity + ")";
        if (message->header().nlmsg_seq != sequence) lines.push_back(head + " with another sequence number");
        for (const Field& field : fields_of(*message, names_)) lines.push_back(head + ": " + field.name + " = " + field.value);
    }
    std::sort(lines.begin(), lines.end());
    return lines;
}

}  // namespace uxfrm::differential
