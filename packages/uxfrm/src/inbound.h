#pragma once

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
    Inbound(Sad& sad, Spd& spd, SaLifecycle& lifecycle, TunTable& tuns, XfrmEvents& events, DropCounters& drops,
            const Clock& clock);

    /** Takes what has arrived, up to a fair share. */
    void drain(OuterReceiver& receiver, OuterTransport transport);

    /** One ESP packet. The packet may stay in place until flush(). */
    void receive(const OuterDatagram& datagram);
    void flush();

private:
    SecurityAssociation* find_sa(const OuterDatagram& datagram);
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
    XfrmEvents& events_;
    DropCounters& drops_;
    const Clock& clock_;
    std::vector<OuterDatagram> datagrams_;
    std::vector<TunDevice*> touched_;
    SecurityAssociation* cached_sa_ = nullptr;
    uint64_t cached_generation_ = 0;
};

}  // namespace uxfrm
