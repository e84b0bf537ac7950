#include "outer_sender.h"

#include <netinet/udp.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "log.h"

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

}  // namespace

OuterSender::OuterSender(int socket, DropCounters& drops)
    : socket_(socket),
      drops_(drops),
      segmentation_(kernel_segments(socket)),
      buffers_(std::make_unique<uint8_t[]>(max_runs * run_stride)) {
    static_assert(max_runs <= max_segments);
}

uint8_t* OuterSender::append(const OuterRoute& route, size_t length) {
    Run& run = run_for(route, length);
    last_run_ = static_cast<size_t>(&run - runs_.data());
    uint8_t* place = buffer(last_run_) + run.length;
    run.length += length;
    run.last_length = length;
    ++run.segments;
    run.closed = length < run.segment_size || run.segments == max_segments || !segmentation_;
    return place;
}

void OuterSender::retract() {
    Run& run = runs_[last_run_];
    run.length -= run.last_length;
    --run.segments;
    run.closed = run.segments == 0;  // an empty run is skipped by flush()
}

/** Only the newest run of a route can take the datagram: order within a route is kept. */
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

void OuterSender::fill_header(msghdr& header, Message& message, const Run& run, uint8_t* data, size_t length,
                              bool segmented) {
    message.destination = {};
    message.destination.sin_family = AF_INET;
    message.destination.sin_addr = run.route.destination;
    message.destination.sin_port = run.route.destination_port;
    message.data = {data, length};
    header = {};
    header.msg_name = &message.destination;
    header.msg_namelen = sizeof(message.destination);
    header.msg_iov = &message.data;
    header.msg_iovlen = 1;
    header.msg_control = message.control.data();
    in_pktinfo info{};
    info.ipi_spec_dst = run.route.source;
    add_control(header, SOL_IP, IP_PKTINFO, info);
    if (segmented) add_control(header, SOL_UDP, UDP_SEGMENT, static_cast<uint16_t>(run.segment_size));
    if (run.route.tos != 0) add_control(header, SOL_IP, IP_TOS, int{run.route.tos});
}

void OuterSender::flush() {
    size_t filled = 0;
    std::array<size_t, max_runs> run_of{};
    for (size_t i = 0; i < run_count_; ++i) {
        if (runs_[i].segments == 0) continue;
        fill_header(headers_[filled].msg_hdr, messages_[filled], runs_[i], buffer(i), runs_[i].length,
                    runs_[i].segments > 1);
        run_of[filled++] = i;
    }
    size_t done = 0;
    while (done < filled) {
        const int sent = sendmmsg(socket_, headers_.data() + done, static_cast<unsigned>(filled - done), MSG_DONTWAIT);
        if (sent > 0) {
            done += static_cast<size_t>(sent);
            continue;
        }
        if (errno == EINTR) continue;
        send_refused(run_of[done], errno);
        ++done;
    }
    run_count_ = 0;
}

void OuterSender::send_refused(size_t index, int error) {
    const Run& run = runs_[index];
    const bool segmentation_refused = error == EINVAL || error == EMSGSIZE || error == EIO;
    if (segmentation_refused && path_trouble_) path_trouble_(run.route.destination);
    if (segmentation_refused && run.segments > 1) {
        send_one_by_one(index);
        return;
    }
    drops_.add(Drop::out_error, run.segments);
}

void OuterSender::send_one_by_one(size_t index) {
    const Run& run = runs_[index];
    msghdr header;
    Message message;
    for (size_t offset = 0; offset < run.length; offset += run.segment_size) {
        const size_t length = std::min(run.segment_size, run.length - offset);
        fill_header(header, message, run, buffer(index) + offset, length, false);
        if (sendmsg(socket_, &header, MSG_DONTWAIT) < 0) drops_.add(Drop::out_error);
    }
}

}  // namespace uxfrm
