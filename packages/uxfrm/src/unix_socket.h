#pragma once

#include <sys/types.h>

#include <string>

#include "file_descriptor.h"

namespace uxfrm {

/** Listens on an abstract name (all bytes of `name` behind the leading zero of the address). Throws system_error. */
FileDescriptor listen_abstract(int type, const std::string& name);

/** Listens on a path with mode 0600, in place of a socket left by an earlier process. Throws system_error. */
FileDescriptor listen_path(int type, const std::string& path);

struct Peer {
    FileDescriptor socket;
    pid_t pid = 0;
};

/** Accepts one connection of root or our own user (SO_PEERCRED); an empty socket when there is none to serve. */
Peer accept_trusted(int listener);

}  // namespace uxfrm
