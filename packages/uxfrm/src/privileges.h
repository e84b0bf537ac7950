#pragma once

#include <cstdint>

namespace uxfrm {

/**
 * At start, before there are keys: no core dumps, no debugger of the same user, no page of ours in swap. Keys are never
 * written to a disk.
 */
void protect_memory();

/** Capabilities whose bits are not set cannot be gained any more by whatever this thread executes. Throws system_error. */
void empty_bounding_set(uint32_t kept_ones);

/** Of this thread's capabilities those whose bits are set stay, and nothing that it executes could gain any. Throws system_error. */
void keep_capabilities(uint32_t kept_ones);

/**
 * When everything is open: the file system shrinks to /dev/net, of the capabilities CAP_NET_ADMIN stays (TUN devices and
 * their MTU; CAP_IPC_LOCK too where locked memory is limited), and nothing that is executed could gain any. Holds for this
 * thread and those that it starts from now on. Throws system_error when it cannot be had.
 */
void drop_privileges();

/**
 * From here on only the system calls that forwarding needs, in all threads that there are and will be. Any other one ends
 * the process with SIGSYS, after a log line that names it. Throws system_error.
 */
void restrict_system_calls();

}  // namespace uxfrm
