#pragma once

#include "netlink_codec.h"

namespace uxfrm {

/**
 * What the kernel looks at before it makes an SA: verify_newsa_info of net/xfrm/xfrm_user.c, in its order. 0 or a positive errno;
 * EPROTONOSUPPORT for what a kernel might take and this data plane has not: other protocols than ESP, other modes than tunnel.
 */
int check_sa_request(const NetlinkMessage& message);

/** verify_sec_ctx_len. */
int check_security_context(const NetlinkMessage& message);

inline bool known_family(uint16_t family) { return family == AF_INET || family == AF_INET6; }

/** XFRMA_SA_DIR; `unknown` without it. */
SaDirection declared_direction(const NetlinkMessage& message);

bool has_mark(const NetlinkMessage& message);

}  // namespace uxfrm
