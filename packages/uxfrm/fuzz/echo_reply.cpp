// What a raw ICMP socket hands out: whatever a peer sends to a probe address.
#include <cstdlib>

#include "echo_message.h"

using namespace uxfrm;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    const ProberMark mark{0x4142, 0x43444546};
    const auto reply = parse_echo_reply(mark, data, size, size);
    if (reply && (size < 20 + echo_message_length || reply->length < echo_message_length)) std::abort();
    return 0;
}
