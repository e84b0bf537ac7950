#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace uxfrm {

/** One UDP payload; the bytes may be changed and live until the next receive(). Port in network byte order. */
struct OuterDatagram {
    uint8_t* data;
    size_t length;
    in_addr source;
    in_addr destination;
    uint16_t source_port;
    uint8_t tos;
};

/** Receives batches, and takes apart what UDP_GRO has put together. */
class OuterReceiver {
public:
    static constexpr size_t batch = 32;

    explicit OuterReceiver(int socket);

    /** Appends the datagrams of one recvmmsg to `out`; false when there was nothing. */
    bool receive(std::vector<OuterDatagram>& out);

private:
    static constexpr size_t buffer_size = 65536;
    /** Buffers exactly 64 KiB apart would compete for the same cache sets. */
    static constexpr size_t buffer_stride = buffer_size + 2112;
    static constexpr size_t control_size = 128;

    struct Slot {
        sockaddr_in source{};
        iovec data{};
        alignas(cmsghdr) std::array<uint8_t, control_size> control{};
    };

    void prepare(size_t slot);
    static void split(msghdr& header, size_t length, std::vector<OuterDatagram>& out);

    const int socket_;
    std::unique_ptr<uint8_t[]> buffers_;
    std::array<Slot, batch> slots_;
    std::array<mmsghdr, batch> headers_{};
};

}  // namespace uxfrm
