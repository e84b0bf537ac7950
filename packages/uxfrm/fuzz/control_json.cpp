// A request line of the control socket. Every line must get a well-formed reply.
#include <cstdlib>

#include "control_commands.h"

using namespace uxfrm;

namespace {

struct FixedClock final : Clock {
    uint64_t monotonic_seconds() const override { return 1000; }
    uint64_t wall_seconds() const override { return 1'700'001'000; }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    static FixedClock clock;
    static DropCounters drops;
    static EventLoop loop;
    static ControlQueue queue(loop);
    static SlowCalls slow_calls(queue);
    static TunTable tuns(drops, slow_calls);
    static Sad sad;
    static Spd spd;
    static ControlCommands commands(tuns, sad, spd, drops, clock);
    const std::string line(reinterpret_cast<const char*>(data), size);
    // Devices are the system's; the rest of the protocol is ours.
    const auto request = nlohmann::json::parse(line, nullptr, false);
    if (request.is_object() && request.value("name", nlohmann::json()).is_string() && valid_device_name(request["name"])) return 0;
    std::string text;
    commands.handle(line, [&](const std::string& reply) { text += reply; });
    const auto reply = nlohmann::json::parse(text, nullptr, false);
    if (!reply.is_object() || !reply.contains("ok")) std::abort();
    return 0;
}
