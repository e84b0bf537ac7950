#include "request_fields.h"

#include <stdexcept>

namespace uxfrm {

std::string string_field(const nlohmann::json& request, const char* field) {
    const auto found = request.find(field);
    if (found == request.end() || !found->is_string()) throw std::invalid_argument(std::string(field) + ": a string is needed");
    return found->get<std::string>();
}

int64_t integer_field(const nlohmann::json& request, const char* field, int64_t min, int64_t max) {
    const auto found = request.find(field);
    const bool fits = found != request.end() && found->is_number_integer() &&
                      (!found->is_number_unsigned() || found->get<uint64_t>() <= static_cast<uint64_t>(max)) &&
                      found->get<int64_t>() >= min && found->get<int64_t>() <= max;
    if (!fits)
        throw std::invalid_argument(std::string(field) + ": an integer from " + std::to_string(min) + " to " +
                                    std::to_string(max) + " is needed");
    return found->get<int64_t>();
}

}  // namespace uxfrm
