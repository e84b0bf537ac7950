#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "drop_counters.h"

namespace uxfrm {

/** Where a UDP datagram goes and what it looks like from there; ports in network byte order. */
struct OuterRoute {
    in_addr source{};
    in_addr destination{};
    uint16_t destination_port = 0;
    uint8_t tos = 0;

    bool operator==(const OuterRoute& other) const {
        return source.s_addr == other.source.s_addr && destination.s_addr == other.destination.s_addr &&
               destination_port == other.destination_port && tos == other.tos;
    }
};

/**
 * Collects datagrams into runs of one route and one size, and sends each run with UDP_SEGMENT as one message.
 * A run that the kernel does not take that way (segments larger than the path MTU, no such offload) is sent
 * datagram by datagram.
 */
class OuterSender {
public:
    using PathTrouble = std::function<void(in_addr destination)>;

    static constexpr size_t max_datagram = 65507;

    OuterSender(int socket, DropCounters& drops);

    /** Called when a destination refused a run: its path MTU may have changed. */
    void on_path_trouble(PathTrouble callback) { path_trouble_ = std::move(callback); }

    /** Room for the next datagram, to be filled before the next call. Sends when everything is full. */
    uint8_t* append(const OuterRoute& route, size_t length);

    /** Takes the datagram of the last append() back. */
    void retract();

    void flush();

private:
    static constexpr size_t max_runs = 16;
    static constexpr size_t max_segments = 64;
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
        CMSG_SPACE(sizeof(in_pktinfo)) + CMSG_SPACE(sizeof(uint16_t)) + CMSG_SPACE(sizeof(int));
    struct Message {
        sockaddr_in destination{};
        iovec data{};
        alignas(cmsghdr) std::array<uint8_t, control_size> control{};
    };

    uint8_t* buffer(size_t run) { return buffers_.get() + run * run_stride; }
    Run& run_for(const OuterRoute& route, size_t length);
    bool takes(const Run& run, size_t length) const;
    void fill_header(msghdr& header, Message& message, const Run& run, uint8_t* data, size_t length, bool segmented);
    void send_refused(size_t run, int error);
    void send_one_by_one(size_t run);

    const int socket_;
    DropCounters& drops_;
    PathTrouble path_trouble_;
    bool segmentation_;
    std::unique_ptr<uint8_t[]> buffers_;
    std::array<Run, max_runs> runs_;
    size_t run_count_ = 0;
    size_t last_run_ = 0;
    std::array<mmsghdr, max_segments> headers_{};
    std::array<Message, max_segments> messages_{};
};

}  // namespace uxfrm
