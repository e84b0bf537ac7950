#pragma once

#include <mutex>
#include <vector>

#include "clock.h"
#include "drop_counters.h"
#include "outer_receiver.h"
#include "sa_lifecycle.h"
#include "sad.h"
#include "spd.h"
#include "tun_table.h"
#include "xfrm_events.h"

namespace uxfrm {

/** From the peers to the TUN devices: SA, ESP, policy check (RFC 4301 section 5.2, RFC 4303 section 3.4). */
class Inbound {
public:
    /** `lane` is this thread's own at the TUN devices. */
    Inbound(Sad& sad, Spd& spd, SaLifecycle& lifecycle, TunTable& tuns, PacketEvents& events, DropCounters& drops,
            const Clock& clock, size_t lane = 0);

    /** Takes what has arrived, up to a fair share. */
    void drain(OuterReceiver& receiver, OuterTransport transport);

    /** One ESP packet. The packet may stay in place, and its SA be held, until flush(). */
    void receive(const OuterDatagram& datagram);
    void flush();

private:
    SecurityAssociation* find_sa(const OuterDatagram& datagram);
    void hold(SecurityAssociation& sa);
    bool usable(SecurityAssociation& sa, const OuterDatagram& datagram);
    /** Replay check, integrity and decryption; the payload of an authentic packet that is not too old. */
    std::optional<OpenedEsp> open(SecurityAssociation& sa, const OuterDatagram& datagram);
    void notice_mapping(SecurityAssociation& sa, const OuterDatagram& datagram);
    void decapsulate(SecurityAssociation& sa, const OpenedEsp& opened, uint8_t outer);
    bool policy_allows(const SecurityAssociation& sa, const InnerPacket& inner);

    Sad& sad_;
    Spd& spd_;
    SaLifecycle& lifecycle_;
    TunTable& tuns_;
    PacketEvents& events_;
    DropCounters& drops_;
    const Clock& clock_;
    const size_t lane_;
    std::vector<OuterDatagram> datagrams_;
    std::vector<TunDevice*> touched_;
    SecurityAssociation* cached_sa_ = nullptr;
    uint64_t cached_generation_ = 0;
    /** Of the SA whose packets are being handled; a run of them costs one turn of the lock. */
    std::unique_lock<std::mutex> held_;
};

}  // namespace uxfrm
