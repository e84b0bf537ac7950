#include "icmp_socket.h"

#include <linux/filter.h>
#include <linux/icmp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace uxfrm {
namespace {

constexpr size_t batch = 64;
/** Replies read in one turn: who sends more than that waits, and nobody else. */
constexpr size_t most_batches = 32;
/** An IPv4 header with all its options, and our message. */
constexpr size_t longest_read = 60 + echo_message_length;
constexpr size_t control_length = CMSG_SPACE(sizeof(timespec));
/** 10,000 replies: a second of all that one gateway may be asked for, should nobody read so long. */
constexpr int buffer_bytes = 8 << 20;

void require(bool ok, const char* what) {
    if (!ok) throw std::system_error(errno, std::generic_category(), what);
}

template <typename T>
void set_option(int fd, int level, int option, const T& value, const char* what) {
    require(setsockopt(fd, level, option, &value, sizeof(value)) == 0, what);
}

/** The packet begins with its IPv4 header. Everybody else's ICMP goes before it is queued. */
void filter_replies(int fd, const ProberMark& mark) {
    set_option(fd, SOL_RAW, ICMP_FILTER, icmp_filter{~(1u << ICMP_ECHOREPLY)}, "ICMP_FILTER");
    std::array<sock_filter, 7> program = {{
        BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
        BPF_STMT(BPF_LD | BPF_H | BPF_IND, 4),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, mark.identifier, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_IND, 8),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, mark.tag, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
        BPF_STMT(BPF_RET | BPF_K, 0),
    }};
    set_option(fd, SOL_SOCKET, SO_ATTACH_FILTER, sock_fprog{program.size(), program.data()}, "SO_ATTACH_FILTER");
}

/** Beyond the system's bound where that is allowed to us, as much as there is otherwise. */
void enlarge(int fd, int forced_option, int option) {
    if (setsockopt(fd, SOL_SOCKET, forced_option, &buffer_bytes, sizeof(buffer_bytes)) != 0)
        set_option(fd, SOL_SOCKET, option, buffer_bytes, "buffer of the ICMP socket");
}

FileDescriptor open_socket(const ProberMark& mark) {
    FileDescriptor fd(socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_ICMP));
    require(static_cast<bool>(fd), "raw ICMP socket");
    filter_replies(fd.get(), mark);
    set_option(fd.get(), SOL_SOCKET, SO_TIMESTAMPNS, 1, "SO_TIMESTAMPNS");
    set_option(fd.get(), SOL_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DO, "IP_MTU_DISCOVER");
    enlarge(fd.get(), SO_RCVBUFFORCE, SO_RCVBUF);
    enlarge(fd.get(), SO_SNDBUFFORCE, SO_SNDBUF);
    return fd;
}

/** Nobody writes there, but an iovec wants it writable. */
std::array<uint8_t, 65535> zeros{};

/** By the clock of the day; absent should the kernel have noted none. */
std::optional<Nanoseconds> arrival_of(msghdr& header) {
    for (cmsghdr* control = CMSG_FIRSTHDR(&header); control != nullptr; control = CMSG_NXTHDR(&header, control)) {
        if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_TIMESTAMPNS) continue;
        timespec time;
        std::memcpy(&time, CMSG_DATA(control), sizeof(time));
        return to_nanoseconds(time);
    }
    return std::nullopt;
}

}  // namespace

/** Packets that are read or sent with one call, and what belongs to them. */
struct IcmpSocket::Messages {
    std::array<mmsghdr, batch> headers{};
    std::array<std::array<iovec, 2>, batch> parts{};
    std::array<sockaddr_in, batch> addresses{};
    std::array<std::array<uint8_t, longest_read>, batch> packets{};
    alignas(cmsghdr) std::array<std::array<uint8_t, control_length>, batch> controls{};

    void prepare_to_receive() {
        for (size_t i = 0; i < batch; ++i) {
            parts[i][0] = {packets[i].data(), packets[i].size()};
            headers[i] = {};
            headers[i].msg_hdr.msg_iov = parts[i].data();
            headers[i].msg_hdr.msg_iovlen = 1;
            headers[i].msg_hdr.msg_control = controls[i].data();
            headers[i].msg_hdr.msg_controllen = controls[i].size();
        }
    }

    void prepare_to_send(size_t i, const IcmpSocket::Outgoing& outgoing) {
        std::copy(outgoing.request.begin(), outgoing.request.end(), packets[i].begin());
        addresses[i] = {};
        addresses[i].sin_family = AF_INET;
        addresses[i].sin_addr = outgoing.destination;
        parts[i] = {{{packets[i].data(), outgoing.request.size()}, {zeros.data(), std::min(outgoing.padding, zeros.size())}}};
        headers[i] = {};
        headers[i].msg_hdr.msg_name = &addresses[i];
        headers[i].msg_hdr.msg_namelen = sizeof(addresses[i]);
        headers[i].msg_hdr.msg_iov = parts[i].data();
        headers[i].msg_hdr.msg_iovlen = parts[i].size();
    }
};

IcmpSocket::IcmpSocket(const ProberMark& mark) : mark_(mark), fd_(open_socket(mark)), messages_(std::make_unique<Messages>()) {}

IcmpSocket::~IcmpSocket() = default;

Nanoseconds IcmpSocket::send(const std::vector<Outgoing>& requests, const std::function<void(size_t index, int error)>& not_sent) {
    for (size_t begin = 0; begin < requests.size(); begin += batch) {
        const size_t count = std::min(batch, requests.size() - begin);
        for (size_t i = 0; i < count; ++i) messages_->prepare_to_send(i, requests[begin + i]);
        for (size_t done = 0; done < count;) {
            const int sent = sendmmsg(fd_.get(), messages_->headers.data() + done, static_cast<unsigned>(count - done), 0);
            if (sent > 0) {
                done += static_cast<size_t>(sent);
            } else if (errno != EINTR) {
                not_sent(begin + done++, errno);  // the kernel stops at the first one that it refuses
            }
        }
    }
    return read_clock(CLOCK_MONOTONIC);
}

Nanoseconds IcmpSocket::receive(Nanoseconds now, const Reader& read) {
    Nanoseconds newest = drained_;
    for (size_t batches = 0; batches < most_batches; ++batches) {
        messages_->prepare_to_receive();
        const int count = recvmmsg(fd_.get(), messages_->headers.data(), batch, MSG_TRUNC, nullptr);
        // Somebody may set the time of day at any time; what has not come before the socket was empty, nor after now, is bounded.
        const Nanoseconds now_read = read_clock(CLOCK_MONOTONIC);
        const Nanoseconds day = read_clock(CLOCK_REALTIME);
        for (int i = 0; i < count; ++i) {
            msghdr& header = messages_->headers[static_cast<size_t>(i)].msg_hdr;
            const Nanoseconds at = arrival_of(header).value_or(day);
            const Nanoseconds age = at < day ? day - at : 0;
            newest = std::clamp(now_read - std::min(now_read, age), drained_, now_read);
            const auto& packet = messages_->packets[static_cast<size_t>(i)];
            const size_t length = messages_->headers[static_cast<size_t>(i)].msg_len;  // MSG_TRUNC: of the whole packet
            const auto reply = parse_echo_reply(mark_, packet.data(), std::min(length, packet.size()), length);
            if (reply) read(*reply, newest);
        }
        if (count < static_cast<int>(batch)) return drained_ = now;
    }
    return std::min(newest, now);
}

}  // namespace uxfrm
