#include "outer_receiver.h"

#include <netinet/udp.h>

#include <algorithm>
#include <cstring>

namespace uxfrm {
namespace {

struct Ancillary {
    IpAddress destination;
    size_t segment_size = 0;
    uint8_t tos = 0;
};

template <typename T>
T value_of(cmsghdr* entry) {
    T value;
    std::memcpy(&value, CMSG_DATA(entry), sizeof(value));
    return value;
}

Ancillary read_ancillary(msghdr& header) {
    Ancillary result;
    for (cmsghdr* entry = CMSG_FIRSTHDR(&header); entry; entry = CMSG_NXTHDR(&header, entry)) {
        if (entry->cmsg_level == SOL_IP && entry->cmsg_type == IP_PKTINFO) {
            result.destination = IpAddress::v4(value_of<in_pktinfo>(entry).ipi_addr);
        } else if (entry->cmsg_level == SOL_IP && entry->cmsg_type == IP_TOS) {
            result.tos = value_of<uint8_t>(entry);
        } else if (entry->cmsg_level == SOL_IPV6 && entry->cmsg_type == IPV6_PKTINFO) {
            result.destination = IpAddress::from_bytes(AF_INET6, value_of<in6_pktinfo>(entry).ipi6_addr.s6_addr);
        } else if (entry->cmsg_level == SOL_IPV6 && entry->cmsg_type == IPV6_TCLASS) {
            result.tos = static_cast<uint8_t>(value_of<int>(entry));
        } else if (entry->cmsg_level == SOL_UDP && entry->cmsg_type == UDP_GRO) {
            result.segment_size = static_cast<size_t>(std::max(0, value_of<int>(entry)));
        }
    }
    return result;
}

void split(msghdr& header, size_t length, OuterTransport transport, std::vector<OuterDatagram>& out) {
    if ((header.msg_flags & MSG_TRUNC) != 0) return;
    auto* data = static_cast<uint8_t*>(header.msg_iov->iov_base);
    if (transport == OuterTransport::esp4) {
        const size_t ip_header = raw_ipv4_header_length(data, length);
        if (ip_header == 0) return;
        data += ip_header;
        length -= ip_header;
    }
    if (length == 0) return;
    const Ancillary ancillary = read_ancillary(header);
    const auto* source = static_cast<const SocketAddress*>(header.msg_name);
    const bool in_udp = is_udp(transport);
    OuterDatagram datagram{data, 0, source->address(), ancillary.destination, in_udp ? source->port() : uint16_t{0}, ancillary.tos, in_udp};
    const size_t step = ancillary.segment_size == 0 ? length : ancillary.segment_size;
    for (size_t offset = 0; offset < length; offset += step) {
        datagram.data = data + offset;
        datagram.length = std::min(step, length - offset);
        out.push_back(datagram);
    }
}

}  // namespace

size_t raw_ipv4_header_length(const uint8_t* packet, size_t length) {
    constexpr size_t minimum = 20;
    if (length < minimum || packet[0] >> 4 != 4) return 0;
    const size_t header = (packet[0] & 0x0f) * 4u;
    return header >= minimum && header <= length ? header : 0;
}

OuterReceiver::OuterReceiver(const OuterDescriptors& sockets)
    : sockets_(sockets), buffers_(std::make_unique<uint8_t[]>(batch * buffer_stride)) {
    for (size_t i = 0; i < batch; ++i) prepare(i);
}

void OuterReceiver::prepare(size_t slot) {
    Slot& s = slots_[slot];
    s.data = {buffers_.get() + slot * buffer_stride, buffer_size};
    msghdr& header = headers_[slot].msg_hdr;
    header = {};
    header.msg_name = &s.source;
    header.msg_namelen = SocketAddress::capacity();
    header.msg_iov = &s.data;
    header.msg_iovlen = 1;
    header.msg_control = s.control.data();
    header.msg_controllen = s.control.size();
}

bool OuterReceiver::receive(OuterTransport transport, std::vector<OuterDatagram>& out) {
    const int count = recvmmsg(sockets_[index_of(transport)], headers_.data(), batch, MSG_DONTWAIT, nullptr);
    if (count <= 0) return false;
    for (size_t i = 0; i < static_cast<size_t>(count); ++i) {
        split(headers_[i].msg_hdr, headers_[i].msg_len, transport, out);
        prepare(i);
    }
    return true;
}

}  // namespace uxfrm
