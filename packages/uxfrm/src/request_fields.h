#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>

namespace uxfrm {

/** Fields of a request, one JSON object. Each throws std::invalid_argument that names the field and what is needed. */
std::string string_field(const nlohmann::json& request, const char* field);
int64_t integer_field(const nlohmann::json& request, const char* field, int64_t min, int64_t max);

}  // namespace uxfrm
