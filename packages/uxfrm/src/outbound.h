#pragma once

#include <functional>
#include <memory>

#include "clock.h"
#include "drop_counters.h"
#include "outer_sender.h"
#include "sa_lifecycle.h"
#include "sad.h"
#include "segmenter.h"
#include "spd.h"
#include "tun_device.h"
#include "xfrm_events.h"

namespace uxfrm {

/** From a TUN device to the peers: policy, SA, segmentation, ESP (RFC 4301 section 5.1, RFC 4303 section 3.3). */
class Outbound {
public:
    Outbound(Sad& sad, Spd& spd, SaLifecycle& lifecycle, OuterSender& sender, XfrmEvents& events, DropCounters& drops,
             const Clock& clock);

    using Reply = std::function<void(uint32_t if_id, ByteView packet)>;

    /** Takes ICMP messages for the sender of a packet, to be written to the device it came from. */
    void on_reply(Reply reply) { reply_ = std::move(reply); }

    /** Sends what the device has, up to a fair share. False when the device is gone. */
    bool drain(TunDevice& tun);

    /** One (super-)packet from the device with this if_id; counts what was sent. */
    void forward(uint32_t if_id, const VirtioHeader& header, const uint8_t* packet, size_t length,
                 TunCounters& counters);

private:
    Policy* find_policy(uint32_t if_id, const InnerPacket& inner);
    bool fits(uint32_t if_id, const SecurityAssociation& sa, const uint8_t* packet, const InnerPacket& inner, size_t length);
    SecurityAssociation* resolve(Policy& policy, const PolicyTemplate& tunnel);
    void request_sa(Policy& policy, const InnerPacket& inner);
    bool seal_segment(SecurityAssociation& sa, const OuterRoute& route, const Segmenter& plan, size_t index,
                      uint8_t next_header);

    Sad& sad_;
    Spd& spd_;
    SaLifecycle& lifecycle_;
    OuterSender& sender_;
    XfrmEvents& events_;
    DropCounters& drops_;
    const Clock& clock_;
    Reply reply_;
    std::unique_ptr<uint8_t[]> buffer_;
};

}  // namespace uxfrm
