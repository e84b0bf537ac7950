#pragma once

#include <string_view>

#include "prober.h"

namespace uxfrm {

/**
 * One line of whoever started us: `{"command":"set","name":…,"address":…,"interval_ms":…,"timeout_ms":…,"threshold":…,"mtu":…}` or
 * `{"command":"remove","name":…}`. Throws std::invalid_argument or std::length_error that names the field.
 */
void obey(Prober& prober, std::string_view line, Nanoseconds now);

}  // namespace uxfrm
