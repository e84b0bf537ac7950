#include "outer_sender.h"

#include <netinet/udp.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace uxfrm {
namespace {

bool kernel_segments(int socket) {
    const int off = 0;
    return setsockopt(socket, SOL_UDP, UDP_SEGMENT, &off, sizeof(off)) == 0;
}

template <typename T>
void add_control(msghdr& header, int level, int type, const T& value) {
    auto* entry = reinterpret_cast<cmsghdr*>(static_cast<uint8_t*>(header.msg_control) + header.msg_controllen);
    entry->cmsg_level = level;
    entry->cmsg_type = type;
    entry->cmsg_len = CMSG_LEN(sizeof(value));
    std::memcpy(CMSG_DATA(entry), &value, sizeof(value));
    header.msg_controllen += CMSG_SPACE(sizeof(value));
}

void add_source(msghdr& header, const IpAddress& source) {
    if (source.family == AF_INET6) {
        in6_pktinfo info{};
        std::memcpy(&info.ipi6_addr, source.bytes.data(), sizeof(info.ipi6_addr));
        add_control(header, SOL_IPV6, IPV6_PKTINFO, info);
    } else {
        in_pktinfo info{};
        info.ipi_spec_dst = source.to_v4();
        add_control(header, SOL_IP, IP_PKTINFO, info);
    }
}

}  // namespace

OuterSender::OuterSender(const OuterDescriptors& sockets, DropCounters& drops)
    : drops_(drops), buffers_(std::make_unique<uint8_t[]>(max_runs * run_stride)) {
    for (const OuterTransport transport : outer_transports) {
        Socket& socket = sockets_[index_of(transport)];
        socket.descriptor = sockets[index_of(transport)];
        socket.segmentation = is_udp(transport) && kernel_segments(socket.descriptor);
    }
}

uint8_t* OuterSender::append(const OuterRoute& route, size_t length) {
    Run& run = run_for(route, length);
    last_run_ = &run;
    uint8_t* place = buffer(run) + run.length;
    run.length += length;
    run.last_length = length;
    ++run.segments;
    run.closed = length < run.segment_size || run.segments == max_segments;
    return place;
}

void OuterSender::retract() {
    last_run_->length -= last_run_->last_length;
    --last_run_->segments;
    last_run_->closed = last_run_->segments == 0;  // an empty run is skipped by flush()
}

/** Only the newest run of a route can take the packet: order within a route is kept. */
OuterSender::Run& OuterSender::run_for(const OuterRoute& route, size_t length) {
    for (size_t i = run_count_; i-- > 0;) {
        if (!(runs_[i].route == route)) continue;
        if (takes(runs_[i], length)) return runs_[i];
        break;
    }
    if (run_count_ == max_runs) flush();
    Run& run = runs_[run_count_++];
    run = Run{};
    run.route = route;
    run.segment_size = length;
    return run;
}

bool OuterSender::takes(const Run& run, size_t length) const {
    return !run.closed && length <= run.segment_size && run.length + length <= max_datagram;
}

void OuterSender::flush() {
    for (size_t i = 0; i < run_count_; ++i) {
        if (runs_[i].segments != 0) queue(runs_[i]);
    }
    transmit();
    run_count_ = 0;
}

void OuterSender::queue(const Run& run) {
    if (run.segments > 1 && socket_of(run).segmentation) return queue_message(run, buffer(run), run.length, true);
    for (size_t offset = 0; offset < run.length; offset += run.segment_size)
        queue_message(run, buffer(run) + offset, std::min(run.segment_size, run.length - offset), false);
}

void OuterSender::queue_message(const Run& run, uint8_t* data, size_t length, bool segmented) {
    const bool fits = queued_ == 0 || (&socket_of(*messages_[0].run) == &socket_of(run) &&
                                       messages_[0].run->route.dont_fragment == run.route.dont_fragment);
    if (!fits || queued_ == max_messages) transmit();
    fill(headers_[queued_].msg_hdr, messages_[queued_], run, data, length, segmented);
    ++queued_;
}

void OuterSender::fill(msghdr& header, Message& message, const Run& run, uint8_t* data, size_t length, bool segmented) {
    message.destination = SocketAddress(run.route.destination, run.route.destination_port);
    message.data = {data, length};
    message.run = &run;
    message.segmented = segmented;
    header = {};
    header.msg_name = message.destination.get();
    header.msg_namelen = message.destination.length();
    header.msg_iov = &message.data;
    header.msg_iovlen = 1;
    header.msg_control = message.control.data();
    add_source(header, run.route.source);
    if (segmented) add_control(header, SOL_UDP, UDP_SEGMENT, static_cast<uint16_t>(run.segment_size));
    if (run.route.tos == 0) return;
    if (is_ipv6(run.route.transport))
        add_control(header, SOL_IPV6, IPV6_TCLASS, int{run.route.tos});
    else
        add_control(header, SOL_IP, IP_TOS, int{run.route.tos});
}

void OuterSender::transmit() {
    if (queued_ == 0) return;
    Socket& socket = socket_of(*messages_[0].run);
    apply_fragment_policy(socket, messages_[0].run->route);
    size_t done = 0;
    while (done < queued_) {
        const int sent = sendmmsg(socket.descriptor, headers_.data() + done, static_cast<unsigned>(queued_ - done), MSG_DONTWAIT);
        if (sent > 0) {
            done += static_cast<size_t>(sent);
            continue;
        }
        if (errno == EINTR) continue;
        refused(messages_[done], errno);
        ++done;
    }
    queued_ = 0;
}

void OuterSender::refused(const Message& message, int error) {
    const bool segmentation_refused = error == EINVAL || error == EMSGSIZE || error == EIO;
    if (segmentation_refused && path_trouble_) path_trouble_(message.run->route.destination);
    if (segmentation_refused && message.segmented) return send_one_by_one(*message.run);
    drops_.add(Drop::out_error, message.segmented ? message.run->segments : 1);
}

void OuterSender::send_one_by_one(const Run& run) {
    msghdr header;
    Message message;
    for (size_t offset = 0; offset < run.length; offset += run.segment_size) {
        fill(header, message, run, buffer(run) + offset, std::min(run.segment_size, run.length - offset), false);
        if (sendmsg(socket_of(run).descriptor, &header, MSG_DONTWAIT) < 0) drops_.add(Drop::out_error);
    }
}

/** A system call only where packets with and without "don't fragment" follow each other. */
void OuterSender::apply_fragment_policy(Socket& socket, const OuterRoute& route) {
    if (is_ipv6(route.transport) || socket.dont_fragment == route.dont_fragment) return;
    const int policy = route.dont_fragment ? IP_PMTUDISC_DO : IP_PMTUDISC_DONT;
    if (setsockopt(socket.descriptor, SOL_IP, IP_MTU_DISCOVER, &policy, sizeof(policy)) == 0)
        socket.dont_fragment = route.dont_fragment;
}

}  // namespace uxfrm
