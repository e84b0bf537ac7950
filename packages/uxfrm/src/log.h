#pragma once

#include <nlohmann/json.hpp>

namespace uxfrm {

enum class LogLevel { debug, info, error };

using LogFields = nlohmann::ordered_json;

/** Lines below this level are left out. To be called before system calls are refused: the C library opens its time zones now. */
void begin_log(LogLevel level);

/** One JSON object a line on stderr. Callers pass identifiers and numbers, never key material. */
void log(LogLevel level, const char* event, const LogFields& fields = LogFields::object());

}  // namespace uxfrm
