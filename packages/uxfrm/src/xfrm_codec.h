#pragma once

#include <memory>

#include "clock.h"
#include "netlink_codec.h"
#include "security_association.h"
#include "xfrm_sa_checks.h"

namespace uxfrm {

/**
 * Between XFRM netlink messages, their attributes read, and our SAs; errors are the kernel's
 * (net/xfrm/xfrm_user.c).
 */

template <typename T>
struct Decoded {
    std::unique_ptr<T> value;
    /** 0 or a positive errno. */
    int error = 0;
};

/** NEWSA or UPDSA. */
Decoded<SecurityAssociation> decode_sa(const NetlinkMessage& message, const Clock& clock);

/** ALLOCSPI: a larval SA without SPI, and the range to choose it from in host byte order. */
struct SpiRequest {
    std::unique_ptr<SecurityAssociation> larval;
    uint32_t min = 0;
    uint32_t max = 0;
    int error = 0;
};
SpiRequest decode_spi_request(const NetlinkMessage& message, const Clock& clock);

xfrm_usersa_info sa_info(const SecurityAssociation& sa, const Clock& clock);
xfrm_usersa_id sa_identity(const SecurityAssociation& sa);
xfrm_lifetime_cur usage_info(const LifetimeUsage& usage, const Clock& clock);

/** XFRMA_REPLAY_ESN_VAL or XFRMA_REPLAY_VAL, in the form the SA was installed with. */
void add_replay_state(NetlinkBuilder& reply, const SecurityAssociation& sa);

/** XFRMA_SA_DIR, for an SA that was given one. */
void add_direction(NetlinkBuilder& message, const SecurityAssociation& sa);

/** All attributes of an SA, keys included: IKE moves an SA by reading it and installing the copy. */
void add_sa_attributes(NetlinkBuilder& reply, const SecurityAssociation& sa, const Clock& clock);

}  // namespace uxfrm
