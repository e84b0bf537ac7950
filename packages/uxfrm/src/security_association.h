#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "algorithms.h"
#include "esp_transform.h"
#include "ip_address.h"
#include "lifetimes.h"
#include "linux_xfrm.h"
#include "outer_transport.h"
#include "replay_window.h"

namespace uxfrm {

/** What the receiver of a packet looks an SA up by, RFC 4301 section 4.1. The protocol is always ESP. */
struct SaId {
    IpAddress destination;
    /** Network byte order. */
    uint32_t spi = 0;

    bool operator==(const SaId& other) const { return spi == other.spi && destination == other.destination; }
};

struct SaIdHash {
    size_t operator()(const SaId& id) const {
        uint64_t address;
        std::memcpy(&address, id.destination.bytes.data(), sizeof(address));
        return std::hash<uint64_t>{}((address << 32 | address >> 32) ^ id.spi);
    }
};

/** "c1234567", the way charon prints SPIs. */
std::string spi_text(uint32_t spi);

enum class SaState {
    /** Has an SPI and waits for IKE to finish (XFRM_STATE_ACQ of ALLOCSPI). */
    larval,
    valid,
    /** Reached a hard limit; waits to be removed. */
    expired,
};

/**
 * With several workers: whoever handles packets of the SA holds its mutex and may then change what packets change. Workers
 * without the mutex may read the state, and what only IKE changes; the control thread needs no mutex, since it works alone.
 */
struct SecurityAssociation {
    std::mutex mutex;
    SaId id;
    IpAddress source;
    uint32_t reqid = 0;
    uint32_t if_id = 0;
    uint8_t mode = XFRM_MODE_TUNNEL;
    /** XFRM_STATE_*, XFRM_SA_XFLAG_* */
    uint8_t flags = 0;
    uint32_t extra_flags = 0;
    /** Number of the ACQUIRE that asked for the SA (xfrm_usersa_info.seq). */
    uint32_t acquire_sequence = 0;
    xfrm_selector selector{};
    /** encap_type 0: plain ESP. */
    xfrm_encap_tmpl encapsulation{};

    std::atomic<SaState> state = SaState::larval;
    /** What IKE said (XFRMA_SA_DIR), and is told again; `unknown` when it said nothing. */
    SaDirection declared_direction = SaDirection::unknown;
    /** As declared, else learned from the first packet. */
    SaDirection direction = SaDirection::unknown;
    /** Which IKE daemon installed it, counted from 1. */
    uint64_t session = 0;

    LifetimeLimits limits;
    LifetimeUsage usage;
    /** Usage when the soft limit was reached. */
    std::optional<LifetimeUsage> soft_expiry;
    bool soft_reported = false;
    uint64_t last_used = 0;

    SaAlgorithms algorithms;
    std::unique_ptr<EspTransform> transform;

    ReplayWindow replay;
    /** Installed with XFRMA_REPLAY_ESN_VAL, and reported the same way. */
    bool replay_as_esn_attribute = false;
    /** Words of that attribute's bitmap; the window may be smaller. */
    uint32_t replay_words = 0;
    /** XFRMA_REPLAY_THRESH and XFRMA_ETIMER_THRESH, without effect here: who asks is told. Preset as the kernel does. */
    uint32_t replay_threshold = 2;
    uint32_t replay_timer = 10;
    /** Sequence number of the last packet sent. */
    uint64_t output_sequence = 0;

    /** Inner packets up to this length need no outer fragments; set by TunnelMtu. */
    size_t inner_mtu = SIZE_MAX;

    uint64_t replay_drops = 0;
    uint64_t integrity_failures = 0;
    /** Last MAPPING event, monotonic seconds, and the port it told of. */
    uint64_t mapping_reported = 0;
    uint16_t mapping_port = 0;
    /** Seconds between MAPPING events of one port (XFRMA_MTIMER_THRESH); 0: not asked for. */
    uint32_t mapping_interval = 0;

    bool in_udp() const { return encapsulation.encap_type != 0; }
    OuterTransport transport() const { return outer_transport(id.destination.family, in_udp()); }
    bool esn() const { return (flags & XFRM_STATE_ESN) != 0; }
    uint64_t max_sequence() const { return esn() ? UINT64_MAX : UINT32_MAX; }

    /** Fixes the direction at first use; false when the SA is used the other way round. */
    bool claim(SaDirection wanted) {
        if (direction == SaDirection::unknown) direction = wanted;
        return direction == wanted;
    }
};

}  // namespace uxfrm
