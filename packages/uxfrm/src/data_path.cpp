#include "data_path.h"

#include <sys/epoll.h>

namespace uxfrm {

DataPath::DataPath(EventLoop& loop, const Databases& databases, const OuterDescriptors& sockets, PacketEvents& events, size_t number)
    : loop_(loop),
      tuns_(databases.tuns),
      sockets_(sockets),
      sender_(sockets, databases.drops),
      receiver_(sockets),
      outbound_(databases.sad, databases.spd, databases.lifecycle, sender_, databases.tuns, events, databases.drops, databases.clock),
      inbound_(databases.sad, databases.spd, databases.lifecycle, databases.tuns, events, databases.drops, databases.clock, number) {}

void DataPath::watch_outer() {
    for (const OuterTransport transport : outer_transports) {
        const int socket = sockets_[index_of(transport)];
        if (socket >= 0) loop_.watch(socket, EPOLLIN, [this, transport](uint32_t) { inbound_.drain(receiver_, transport); });
    }
}

void DataPath::watch_tun(const TunDevice& tun, DeviceLost lost) {
    loop_.watch(tun.fd(), EPOLLIN, [this, if_id = tun.if_id(), lost = std::move(lost)](uint32_t) {
        TunDevice* device = tuns_.find(if_id);
        if (device && !outbound_.drain(*device)) lost(if_id);
    });
}

}  // namespace uxfrm
