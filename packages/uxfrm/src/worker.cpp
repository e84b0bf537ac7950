#include "worker.h"

#include "started_thread.h"

namespace uxfrm {

void QueuedPacketEvents::acquire(const Policy& policy, const InnerPacket& packet) {
    queue_.post([this, index = policy.index, direction = policy.direction, if_id = policy.if_id, packet] {
        if (const Policy* current = spd_.find_by_index(index, direction, if_id)) target_.acquire(*current, packet);
    });
}

void QueuedPacketEvents::mapping(const SecurityAssociation& sa, const IpAddress& new_source, uint16_t new_port) {
    queue_.post([this, id = sa.id, new_source, new_port] {
        if (const SecurityAssociation* current = sad_.find(id)) target_.mapping(*current, new_source, new_port);
    });
}

Worker::Worker(const Databases& databases, const OuterDescriptors& sockets, DatabaseLock& lock, ControlQueue& queue,
               PacketEvents& events, size_t number)
    : events_(queue, databases.sad, databases.spd, events), path_(loop_, databases, sockets, events_, number) {
    loop_.lock_turns(lock.for_worker());
    loop_.after_each_turn([&lifecycle = databases.lifecycle, &queue] {
        if (lifecycle.reap_needed()) queue.wake();
    });
}

Worker::~Worker() {
    loop_.stop();
    if (thread_.joinable()) thread_.join();
}

void Worker::start() {
    thread_ = start_thread([this] { loop_.run(); });
}

}  // namespace uxfrm
