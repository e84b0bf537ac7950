#pragma once

// libc's header goes first: after the kernel's, it leaves struct in6_pktinfo and others out.
// clang-format off
#include <netinet/in.h>
#include <linux/xfrm.h>
// clang-format on

namespace uxfrm {

/** XFRMA_SA_DIR of Linux 6.10, one octet: enum xfrm_sa_dir. Older headers leave both out. */
constexpr uint16_t sa_direction_attribute = 33;
enum class SaDirection : uint8_t { unknown = 0, in = 1, out = 2 };

}  // namespace uxfrm
