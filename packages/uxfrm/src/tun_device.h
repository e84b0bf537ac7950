#pragma once

#include <fcntl.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "bytes.h"
#include "coalescer.h"
#include "drop_counters.h"
#include "file_descriptor.h"
#include "virtio_header.h"

namespace uxfrm {

/** Packets and bytes as `ip -s link` counts them: received is what came out of the tunnel. Any thread may count. */
struct TunCounters {
    std::atomic<uint64_t> rx_packets = 0;
    std::atomic<uint64_t> rx_bytes = 0;
    std::atomic<uint64_t> tx_packets = 0;
    std::atomic<uint64_t> tx_bytes = 0;

    void received(uint64_t packets, uint64_t bytes) {
        rx_packets.fetch_add(packets, std::memory_order_relaxed);
        rx_bytes.fetch_add(bytes, std::memory_order_relaxed);
    }
    void sent(uint64_t packets, uint64_t bytes) {
        tx_packets.fetch_add(packets, std::memory_order_relaxed);
        tx_bytes.fetch_add(bytes, std::memory_order_relaxed);
    }
};

/**
 * A persistent TUN device with segmentation offloads: the device of one tunnel, with the if_id of its SAs.
 * Outlives the process, so addresses and routes stay when uxfrm restarts.
 * One thread reads from it; several may write, each with a lane of its own.
 */
class TunDevice final : public PacketSink {
public:
    /** Creates or re-attaches. Throws system_error. */
    TunDevice(std::string name, uint32_t if_id, int max_mtu, size_t lanes, DropCounters& drops);

    /** Lets the device go with its last descriptor. Slow: returns when the kernel has removed it. */
    void remove();

    /** Leaves the device. Waits for other changes of devices (RTNL). */
    void close() { fd_ = FileDescriptor(); }

    /** One (super-)packet; 0 when there is none, negative when the device is gone. */
    ssize_t read(VirtioHeader& header, uint8_t* packet, size_t capacity);

    /** Hands the kernel a packet of our own making: not one that came out of the tunnel. */
    void inject(ByteView packet);

    /** Queues a decrypted packet that stays in place until flush(). */
    void push(size_t lane, uint8_t* packet, const InnerPacket& inner) { lanes_[lane].push(packet, inner); }
    void flush(size_t lane) { lanes_[lane].flush(); }

    /** The MTU becomes the smaller of this and the upper bound. */
    void limit_mtu(int path_limit);
    void set_max_mtu(int max_mtu);

    const std::string& name() const { return name_; }
    uint32_t if_id() const { return if_id_; }
    int mtu() const { return mtu_; }
    int fd() const { return fd_.get(); }
    const TunCounters& counters() const { return counters_; }
    TunCounters& counters() { return counters_; }

    void deliver(const VirtioHeader& header, const iovec* parts, size_t count, size_t segments) override;

private:
    void apply_mtu();

    const std::string name_;
    const uint32_t if_id_;
    int max_mtu_;
    int path_limit_ = std::numeric_limits<int>::max();
    int mtu_ = 0;
    DropCounters& drops_;
    FileDescriptor fd_;
    TunCounters counters_;
    std::vector<Coalescer> lanes_;
};

/** All that the process needs of the file system when it runs. */
inline constexpr const char* tun_directory = "/dev/net";
inline constexpr int tun_open_flags = O_RDWR | O_NONBLOCK | O_CLOEXEC;

/** Every ioctl() that is made here. */
extern const std::array<unsigned long, 7> tun_requests;

/** 1 to 15 letters, digits, '-', '_' or '.', not "." or "..". */
bool valid_device_name(const std::string& name);

/** Deletes a persistent TUN device that no process holds. True when it is gone or was not there. Slow. */
bool remove_persistent_tun(const std::string& name);

}  // namespace uxfrm
