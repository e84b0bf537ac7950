#pragma once

#include "netlink_codec.h"

namespace uxfrm {

/**
 * Reads a request's attributes and checks their lengths, as xfrm_user_rcv_msg does with xfrm_msg_min and xfrma_policy
 * of Linux 6.1: EINVAL for a request that is cut off or unknown, ERANGE for an attribute shorter than its type. XFRMA_SA_DIR is
 * checked as Linux 6.10 does: EINVAL for another length, ERANGE for no direction. Other types that Linux 6.1 does not know
 * (XFRMA_NAT_KEEPALIVE_INTERVAL, XFRMA_SA_PCPU, XFRMA_IPTFS_…) are passed over, as its liberal validation does.
 */
int read_xfrm_attributes(NetlinkMessage& message);

}  // namespace uxfrm
