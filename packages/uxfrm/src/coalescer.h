#pragma once

#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "inner_packet.h"
#include "virtio_header.h"

namespace uxfrm {

/** Takes packets, or super-packets of `segments` packets, as scattered bytes. */
class PacketSink {
public:
    virtual ~PacketSink() = default;
    virtual void deliver(const VirtioHeader& header, const iovec* parts, size_t count, size_t segments) = 0;
};

/**
 * Generic receive offload for decrypted packets: TCP segments that follow each other, and UDP datagrams of one
 * flow, leave as one super-packet (net/ipv4/tcp_offload.c and udp_offload.c, gro_receive). Payloads are not
 * copied: packets must stay where they are until flush(). The order within a flow is kept.
 */
class Coalescer {
public:
    explicit Coalescer(PacketSink& sink) : sink_(sink) {}

    void enable_udp(bool enabled) { udp_enabled_ = enabled; }

    /** `packet` is inner.length bytes; its headers may be rewritten. */
    void push(uint8_t* packet, const InnerPacket& inner);
    void flush();

private:
    static constexpr size_t max_flows = 8;
    static constexpr size_t max_segments = 64;
    static constexpr size_t max_length = 65535;

    struct Flow {
        size_t segments = 0;
        uint8_t* packet = nullptr;
        InnerPacket inner;
        size_t header_length = 0;
        size_t gso_size = 0;
        size_t length = 0;
        uint32_t next_sequence = 0;
        bool closed = false;
        std::array<iovec, max_segments> parts;
    };

    bool mergeable(const uint8_t* packet, const InnerPacket& inner) const;
    Flow* find(const InnerPacket& inner);
    Flow& free_flow();
    void start(Flow& flow, uint8_t* packet, const InnerPacket& inner);
    static bool continues(const Flow& flow, const uint8_t* packet, const InnerPacket& inner);
    static void append(Flow& flow, uint8_t* packet, const InnerPacket& inner);
    void emit(Flow& flow);
    void pass(uint8_t* packet, const InnerPacket& inner);

    PacketSink& sink_;
    bool udp_enabled_ = true;
    std::array<Flow, max_flows> flows_{};
    size_t next_victim_ = 0;
};

}  // namespace uxfrm
