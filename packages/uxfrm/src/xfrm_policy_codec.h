#pragma once

#include "clock.h"
#include "netlink_codec.h"
#include "spd.h"
#include "xfrm_codec.h"

namespace uxfrm {

/** Between XFRM netlink messages and policies; errors are the kernel's (net/xfrm/xfrm_user.c). */

/** NEWPOLICY or UPDPOLICY. */
Decoded<Policy> decode_policy(const NetlinkMessage& message, const Clock& clock);

/** EINVAL for policies of another type than the main one (copy_from_user_policy_type). */
int check_policy_type(const NetlinkMessage& message);

xfrm_userpolicy_info policy_info(const Policy& policy, const Clock& clock);
void add_policy_attributes(NetlinkBuilder& reply, const Policy& policy);

}  // namespace uxfrm
