#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
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

    using Reply = std::function<void(const std::string& line)>;

    /** Never throws. One reply, without a newline: at once, but tun-remove's when the kernel has removed the device. */
    void handle(std::string_view line, const Reply& reply);

private:
    using Json = nlohmann::ordered_json;

    /** Nothing when the reply comes later. */
    std::optional<Json> dispatch(const nlohmann::json& request, const Reply& reply);
    Json add_tun(const nlohmann::json& request);
    void remove_tun(const nlohmann::json& request, const Reply& reply);
    Json list_tuns();
    Json statistics();
    Json sa_keys();

    TunTable& tuns_;
    Sad& sad_;
    const Spd& spd_;
    const DropCounters& drops_;
    const Clock& clock_;
    const uint64_t started_;
    const ResidentMemory memory_;
};

}  // namespace uxfrm
