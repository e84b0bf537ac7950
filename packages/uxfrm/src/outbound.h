#pragma once

#include <memory>

#include "clock.h"
#include "drop_counters.h"
#include "outer_sender.h"
#include "sa_lifecycle.h"
#include "sad.h"
#include "segmenter.h"
#include "spd.h"
#include "tun_table.h"
#include "xfrm_events.h"

namespace uxfrm {

/** From a TUN device to the peers: policy, SA, segmentation, ESP (RFC 4301 section 5.1, RFC 4303 section 3.3). */
class Outbound {
public:
    Outbound(Sad& sad, Spd& spd, SaLifecycle& lifecycle, OuterSender& sender, TunTable& tuns, PacketEvents& events,
             DropCounters& drops, const Clock& clock);

    /** Sends what the device has, up to a fair share. False when the device is gone. */
    bool drain(TunDevice& tun);

    /** One (super-)packet from the device with this if_id; counts what was sent. */
    void forward(uint32_t if_id, const VirtioHeader& header, const uint8_t* packet, size_t length,
                 TunCounters& counters);

    /** Sends packets whose SA has come. Cheap when nothing waits or nothing has changed. */
    void release_waiting();
    /** Once a second. */
    void expire_waiting();

private:
    Policy* find_policy(uint32_t if_id, const InnerPacket& inner);
    bool fits(uint32_t if_id, const SecurityAssociation& sa, const uint8_t* packet, const InnerPacket& inner, size_t length);
    SecurityAssociation* resolve(Policy& policy, const PolicyTemplate& tunnel);
    void wait_for_sa(Policy& policy, const VirtioHeader& header, ByteView packet, const InnerPacket& inner);
    void send_waiting(Policy& policy);
    bool seal_segment(SecurityAssociation& sa, const OuterRoute& route, const Segmenter& plan, size_t index,
                      uint8_t next_header);

    Sad& sad_;
    Spd& spd_;
    SaLifecycle& lifecycle_;
    OuterSender& sender_;
    PacketEvents& events_;
    TunTable& tuns_;
    DropCounters& drops_;
    const Clock& clock_;
    std::shared_ptr<size_t> waiting_bytes_ = std::make_shared<size_t>(0);
    uint64_t released_sad_ = 0;
    uint64_t released_spd_ = 0;
    std::unique_ptr<uint8_t[]> buffer_;
};

}  // namespace uxfrm
