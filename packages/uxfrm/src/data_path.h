#pragma once

#include "event_loop.h"
#include "inbound.h"
#include "outbound.h"
#include "outer_receiver.h"
#include "outer_sender.h"

namespace uxfrm {

/** What all threads of a daemon share. */
struct Databases {
    Sad& sad;
    Spd& spd;
    SaLifecycle& lifecycle;
    TunTable& tuns;
    DropCounters& drops;
    const Clock& clock;
};

/** Both directions of the packets of one thread, between its outer sockets and its TUN devices. */
class DataPath {
public:
    using DeviceLost = std::function<void(uint32_t if_id)>;

    /** `number` counts the data paths from 0. */
    DataPath(EventLoop& loop, const Databases& databases, const OuterDescriptors& sockets, PacketEvents& events, size_t number);

    /** Begins to take packets from the network. */
    void watch_outer();
    void watch_tun(const TunDevice& tun, DeviceLost lost);
    void unwatch_tun(const TunDevice& tun) { loop_.unwatch(tun.fd()); }

    OuterSender& sender() { return sender_; }
    Outbound& outbound() { return outbound_; }

private:
    EventLoop& loop_;
    TunTable& tuns_;
    const OuterDescriptors sockets_;
    OuterSender sender_;
    OuterReceiver receiver_;
    Outbound outbound_;
    Inbound inbound_;
};

}  // namespace uxfrm
