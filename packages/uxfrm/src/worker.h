#pragma once

#include <thread>

#include "control_queue.h"
#include "data_path.h"
#include "database_lock.h"

namespace uxfrm {

/** Takes what packets have to tell IKE to the control thread, where the SA or policy may be gone by then. */
class QueuedPacketEvents final : public PacketEvents {
public:
    QueuedPacketEvents(ControlQueue& queue, Sad& sad, Spd& spd, PacketEvents& target)
        : queue_(queue), sad_(sad), spd_(spd), target_(target) {}

    void acquire(const Policy& policy, const InnerPacket& packet) override;
    void mapping(const SecurityAssociation& sa, const IpAddress& new_source, uint16_t new_port) override;

private:
    ControlQueue& queue_;
    Sad& sad_;
    Spd& spd_;
    PacketEvents& target_;
};

/** A thread with a data path. It reads the databases; the control thread changes them while no worker is in a turn. */
class Worker {
public:
    Worker(const Databases& databases, const OuterDescriptors& sockets, DatabaseLock& lock, ControlQueue& queue, PacketEvents& events,
           size_t number);
    ~Worker();

    DataPath& path() { return path_; }

    /** See start_thread(). */
    void start();

private:
    EventLoop loop_;
    QueuedPacketEvents events_;
    DataPath path_;
    std::thread thread_;
};

}  // namespace uxfrm
