#pragma once

namespace uxfrm {

/**
 * Once its sockets are open: nobody's user id, no capability, an empty directory that is gone as root, an end with its parent,
 * and no system calls but those that probing needs. Throws system_error when it cannot be had.
 */
void become_nobody();

}  // namespace uxfrm
