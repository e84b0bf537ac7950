// A line of the prober's standard input: obeyed or refused, nothing else.
#include <stdexcept>

#include "probe_commands.h"

using namespace uxfrm;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
    static Prober* prober = new Prober;  // needs CAP_NET_RAW, as its user does
    try {
        obey(*prober, {reinterpret_cast<const char*>(data), size}, 1);
    } catch (const std::invalid_argument&) {
    } catch (const std::length_error&) {
    }
    return 0;
}
