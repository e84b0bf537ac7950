#include "probe_commands.h"

#include <arpa/inet.h>

#include <stdexcept>

#include "request_fields.h"

namespace uxfrm {
namespace {

constexpr int64_t shortest_interval_ms = 10;
constexpr int64_t longest_ms = 3'600'000;
constexpr int64_t most_under_way = 1000;
constexpr int64_t highest_threshold = 1000;
constexpr size_t longest_name = 128;
constexpr int64_t highest_mtu = 65'535;

std::string name_field(const nlohmann::json& request) {
    std::string name = string_field(request, "name");
    if (name.empty() || name.size() > longest_name) throw std::invalid_argument("name: 1 to 128 bytes are needed");
    return name;
}

in_addr address_field(const nlohmann::json& request) {
    in_addr address{};
    if (inet_pton(AF_INET, string_field(request, "address").c_str(), &address) != 1)
        throw std::invalid_argument("address: an IPv4 address is needed");
    return address;
}

ProbeSettings settings_of(const nlohmann::json& request) {
    const int64_t interval_ms = integer_field(request, "interval_ms", shortest_interval_ms, longest_ms);
    const int64_t timeout_ms = integer_field(request, "timeout_ms", 1, most_under_way * interval_ms);
    const int64_t threshold = integer_field(request, "threshold", 1, highest_threshold);
    const int64_t mtu = integer_field(request, "mtu", 0, highest_mtu);
    return {static_cast<Nanoseconds>(interval_ms) * per_millisecond, static_cast<Nanoseconds>(timeout_ms) * per_millisecond,
            static_cast<uint32_t>(threshold), static_cast<size_t>(mtu)};
}

}  // namespace

void obey(Prober& prober, std::string_view line, Nanoseconds now) {
    const auto request = nlohmann::json::parse(line, nullptr, false);
    if (!request.is_object()) throw std::invalid_argument("request: a JSON object is needed");
    const std::string command = string_field(request, "command");
    if (command == "set")
        prober.set(name_field(request), address_field(request), settings_of(request), now);
    else if (command == "remove")
        prober.remove(name_field(request));
    else
        throw std::invalid_argument("command: set or remove is needed");
}

}  // namespace uxfrm
