// XFRM requests: codec, decoders and databases. The state is kept over a few inputs, so that requests meet each other.
#include <cstdlib>

#include "log.h"
#include "xfrm_requests.h"

using namespace uxfrm;

namespace {

struct FixedClock final : Clock {
    uint64_t monotonic_seconds() const override { return 1000; }
    uint64_t wall_seconds() const override { return 1'700'001'000; }
};

struct State {
    FixedClock clock;
    Sad sad;
    Spd spd;
    XfrmRequests requests{sad, spd, clock, {0, 0, 0, 0}, [](uint32_t) {}};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    static std::unique_ptr<State> state;
    static unsigned runs = 0;
    begin_log(LogLevel::error);
    if (!state || ++runs % 64 == 0) state = std::make_unique<State>();
    ByteView input{data, size};
    while (auto message = NetlinkMessage::next(input)) {
        for (const auto& reply : state->requests.handle(*message, 1)) {
            ByteView bytes = reply->finish();
            auto parsed = NetlinkMessage::next(bytes);
            if (!parsed || bytes.size != 0) std::abort();
            if (parsed->header().nlmsg_type == XFRM_MSG_NEWSA && !parsed->read_attributes(sizeof(xfrm_usersa_info))) std::abort();
        }
    }
    return 0;
}
