#pragma once

#include <cstdint>
#include <string>

#include "log.h"

namespace uxfrm {

struct Options {
    std::string control_path;
    LogLevel log_level = LogLevel::info;
    uint64_t stale_sa_seconds = 60;
    int path_mtu = 1500;
    size_t workers = 1;
};

extern const char* const usage;

/** For a machine with this many cores: one thread for everything on small ones, otherwise at most half of it and four. */
size_t default_workers(size_t cores);

/** Throws std::invalid_argument with a message for the user. */
Options parse_options(int argc, const char* const* argv);

}  // namespace uxfrm
