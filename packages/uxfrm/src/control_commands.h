#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "clock.h"
#include "drop_counters.h"
#include "file_descriptor.h"
#include "sad.h"
#include "spd.h"
#include "tun_table.h"

namespace uxfrm {

/** How much memory the process has; opened while the file system is still there. */
class ResidentMemory {
public:
    ResidentMemory();
    uint64_t bytes() const;

private:
    FileDescriptor statm_;
};

/** The control protocol without its socket: one JSON request line in, one JSON reply line out. See README. */
class ControlCommands {
public:
    ControlCommands(TunTable& tuns, Sad& sad, const Spd& spd, const DropCounters& drops, const Clock& clock)
        : tuns_(tuns), sad_(sad), spd_(spd), drops_(drops), clock_(clock), started_(clock.monotonic_seconds()) {}

    /** Never throws; the reply has no newline. */
    std::string handle(std::string_view line);

private:
    using Json = nlohmann::ordered_json;

    Json dispatch(const nlohmann::json& request);
    Json add_tun(const nlohmann::json& request);
    Json remove_tun(const nlohmann::json& request);
    Json list_tuns();
    Json statistics();

    TunTable& tuns_;
    Sad& sad_;
    const Spd& spd_;
    const DropCounters& drops_;
    const Clock& clock_;
    const uint64_t started_;
    const ResidentMemory memory_;
};

}  // namespace uxfrm
