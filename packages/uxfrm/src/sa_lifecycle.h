#pragma once

#include <atomic>
#include <cstdint>

#include "clock.h"
#include "sad.h"
#include "spd.h"
#include "xfrm_events.h"

namespace uxfrm {

/**
 * Ends SAs: by volume before each packet, by time once a second, and when the IKE daemon that made them is gone.
 * Those who handle packets only mark an SA, with its mutex held; IKE is told, and the SA removed, by reap().
 */
class SaLifecycle {
public:
    SaLifecycle(Sad& sad, Spd& spd, XfrmEvents& events, const Clock& clock, uint64_t stale_seconds)
        : sad_(sad), spd_(spd), events_(events), clock_(clock), stale_seconds_(stale_seconds) {}

    /** Before each packet, as xfrm_state_check_expire: false when the SA has reached a hard limit. */
    bool admit(SecurityAssociation& sa);

    /** The number of the next packet sent, or nothing when it would wrap (RFC 4303 section 3.3.3). */
    std::optional<uint64_t> next_sequence(SecurityAssociation& sa);

    /** Once a second. */
    void sweep();

    /** Reports what admit() and next_sequence() have marked, and removes what they ended. Not while packets are being worked on. */
    void reap();
    bool reap_needed() const { return pending_.load(std::memory_order_relaxed); }

    /** A new IKE daemon has connected: what earlier ones installed goes after the grace time. */
    void session_started(uint64_t session);

private:
    void expire_hard(SecurityAssociation& sa);
    void expire_soft(SecurityAssociation& sa);
    void report(const SecurityAssociation& sa, const LifetimeUsage& usage, bool hard);
    void remove_stale();

    Sad& sad_;
    Spd& spd_;
    XfrmEvents& events_;
    const Clock& clock_;
    const uint64_t stale_seconds_;
    uint64_t session_ = 0;
    uint64_t stale_deadline_ = 0;
    std::atomic<bool> pending_ = false;
};

}  // namespace uxfrm
