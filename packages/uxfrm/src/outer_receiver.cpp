#include "outer_receiver.h"

#include <netinet/udp.h>

#include <algorithm>
#include <cstring>

namespace uxfrm {
namespace {

struct Ancillary {
    in_addr destination{};
    size_t segment_size = 0;
    uint8_t tos = 0;
};

Ancillary read_ancillary(msghdr& header) {
    Ancillary result;
    for (cmsghdr* entry = CMSG_FIRSTHDR(&header); entry; entry = CMSG_NXTHDR(&header, entry)) {
        if (entry->cmsg_level == SOL_IP && entry->cmsg_type == IP_PKTINFO) {
            in_pktinfo info;
            std::memcpy(&info, CMSG_DATA(entry), sizeof(info));
            result.destination = info.ipi_addr;
        } else if (entry->cmsg_level == SOL_IP && entry->cmsg_type == IP_TOS) {
            result.tos = *CMSG_DATA(entry);
        } else if (entry->cmsg_level == SOL_UDP && entry->cmsg_type == UDP_GRO) {
            int size = 0;
            std::memcpy(&size, CMSG_DATA(entry), sizeof(size));
            result.segment_size = size > 0 ? static_cast<size_t>(size) : 0;
        }
    }
    return result;
}

}  // namespace

OuterReceiver::OuterReceiver(int socket)
    : socket_(socket), buffers_(std::make_unique<uint8_t[]>(batch * buffer_stride)) {
    for (size_t i = 0; i < batch; ++i) prepare(i);
}

void OuterReceiver::prepare(size_t slot) {
    Slot& s = slots_[slot];
    s.data = {buffers_.get() + slot * buffer_stride, buffer_size};
    msghdr& header = headers_[slot].msg_hdr;
    header = {};
    header.msg_name = &s.source;
    header.msg_namelen = sizeof(s.source);
    header.msg_iov = &s.data;
    header.msg_iovlen = 1;
    header.msg_control = s.control.data();
    header.msg_controllen = s.control.size();
}

bool OuterReceiver::receive(std::vector<OuterDatagram>& out) {
    const int count = recvmmsg(socket_, headers_.data(), batch, MSG_DONTWAIT, nullptr);
    if (count <= 0) return false;
    for (size_t i = 0; i < static_cast<size_t>(count); ++i) {
        split(headers_[i].msg_hdr, headers_[i].msg_len, out);
        prepare(i);
    }
    return true;
}

void OuterReceiver::split(msghdr& header, size_t length, std::vector<OuterDatagram>& out) {
    if ((header.msg_flags & MSG_TRUNC) != 0 || length == 0) return;
    const Ancillary ancillary = read_ancillary(header);
    const auto* source = static_cast<const sockaddr_in*>(header.msg_name);
    auto* data = static_cast<uint8_t*>(header.msg_iov->iov_base);
    const size_t step = ancillary.segment_size == 0 ? length : ancillary.segment_size;
    for (size_t offset = 0; offset < length; offset += step)
        out.push_back({data + offset, std::min(step, length - offset), source->sin_addr, ancillary.destination,
                       source->sin_port, ancillary.tos});
}

}  // namespace uxfrm
