#pragma once

// libc's header goes first: after the kernel's, it leaves struct in6_pktinfo and others out.
// clang-format off
#include <netinet/in.h>
#include <linux/xfrm.h>
// clang-format on
