#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "drop_counters.h"
#include "ip_address.h"
#include "outer_transport.h"
#include "socket_address.h"

namespace uxfrm {

/** Where an ESP packet goes and what its outer header looks like; the port, in network byte order, is for UDP. */
struct OuterRoute {
    IpAddress source;
    IpAddress destination;
    uint16_t destination_port = 0;
    OuterTransport transport = OuterTransport::udp4;
    uint8_t tos = 0;
    /** IPv4 only. Without it the kernel makes fragments where the path asks for them. */
    bool dont_fragment = false;

    bool operator==(const OuterRoute& other) const {
        return destination == other.destination && source == other.source && tos == other.tos &&
               destination_port == other.destination_port && transport == other.transport && dont_fragment == other.dont_fragment;
    }
};

/**
 * Collects packets into runs of one route and one size. A run in UDP goes out with UDP_SEGMENT as one message; one
 * that the kernel does not take that way (segments larger than the path MTU, no such offload), and plain ESP, go
 * out packet by packet.
 */
class OuterSender {
public:
    using PathTrouble = std::function<void(const IpAddress& destination)>;

    static constexpr size_t max_datagram = 65507;

    OuterSender(const OuterDescriptors& sockets, DropCounters& drops);

    /** Called when a destination refused a run: its path MTU may have changed. */
    void on_path_trouble(PathTrouble callback) { path_trouble_ = std::move(callback); }

    /** Room for the next packet, to be filled before the next call. Sends when everything is full. */
    uint8_t* append(const OuterRoute& route, size_t length);

    /** Takes the packet of the last append() back. */
    void retract();

    void flush();

private:
    static constexpr size_t max_runs = 16;
    static constexpr size_t max_segments = 64;
    static constexpr size_t max_messages = 64;
    static constexpr size_t run_stride = 65536 + 2112;  // not a power of two: see README, cache aliasing

    struct Run {
        OuterRoute route;
        size_t segment_size = 0;
        size_t segments = 0;
        size_t length = 0;
        size_t last_length = 0;
        bool closed = false;
    };
    static constexpr size_t control_size =
        CMSG_SPACE(sizeof(in6_pktinfo)) + CMSG_SPACE(sizeof(uint16_t)) + CMSG_SPACE(sizeof(int));
    struct Message {
        SocketAddress destination;
        iovec data{};
        alignas(cmsghdr) std::array<uint8_t, control_size> control{};
        const Run* run = nullptr;
        bool segmented = false;
    };
    struct Socket {
        int descriptor = -1;
        bool segmentation = false;
        /** What the socket is set to; unknown before the first packet. */
        std::optional<bool> dont_fragment;
    };

    uint8_t* buffer(const Run& run) { return buffers_.get() + static_cast<size_t>(&run - runs_.data()) * run_stride; }
    Socket& socket_of(const Run& run) { return sockets_[index_of(run.route.transport)]; }
    Run& run_for(const OuterRoute& route, size_t length);
    bool takes(const Run& run, size_t length) const;

    void queue(const Run& run);
    void queue_message(const Run& run, uint8_t* data, size_t length, bool segmented);
    static void fill(msghdr& header, Message& message, const Run& run, uint8_t* data, size_t length, bool segmented);
    /** Sends the messages queued so far; they are all for the same socket and agree about fragments. */
    void transmit();
    void refused(const Message& message, int error);
    void send_one_by_one(const Run& run);
    void apply_fragment_policy(Socket& socket, const OuterRoute& route);

    DropCounters& drops_;
    PathTrouble path_trouble_;
    std::array<Socket, outer_transports.size()> sockets_;
    std::unique_ptr<uint8_t[]> buffers_;
    std::array<Run, max_runs> runs_;
    size_t run_count_ = 0;
    Run* last_run_ = nullptr;
    std::array<mmsghdr, max_messages> headers_{};
    std::array<Message, max_messages> messages_{};
    size_t queued_ = 0;
};

}  // namespace uxfrm
