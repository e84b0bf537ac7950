#include "control_commands.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include "ipsec_mb.h"
#include "request_fields.h"

namespace uxfrm {
namespace {

using Json = nlohmann::ordered_json;
using Request = nlohmann::json;

constexpr int64_t minimum_mtu = 576;
constexpr int64_t maximum_mtu = 65535;

const char* direction_name(SaDirection direction) {
    switch (direction) {
        case SaDirection::in: return "in";
        case SaDirection::out: return "out";
        case SaDirection::unknown: return "unknown";
    }
    return "unknown";
}

Json sa_statistics(const SecurityAssociation& sa) {
    return {{"spi", spi_text(sa.id.spi)},
            {"source", sa.source.text()},
            {"destination", sa.id.destination.text()},
            {"if_id", sa.if_id},
            {"reqid", sa.reqid},
            {"direction", direction_name(sa.direction)},
            {"algorithm", sa.algorithms.text()},
            {"esn", sa.esn()},
            {"bytes", sa.usage.bytes},
            {"packets", sa.usage.packets},
            {"replay_drops", sa.replay_drops},
            {"integrity_failures", sa.integrity_failures},
            {"sequence", sa.direction == SaDirection::in ? sa.replay.top() : sa.output_sequence}};
}

Json tun_statistics(const TunDevice& tun) {
    const TunCounters& counters = tun.counters();
    return {{"name", tun.name()},
            {"if_id", tun.if_id()},
            {"mtu", tun.mtu()},
            {"rx_packets", counters.rx_packets.load()},
            {"rx_bytes", counters.rx_bytes.load()},
            {"tx_packets", counters.tx_packets.load()},
            {"tx_bytes", counters.tx_bytes.load()}};
}

std::string hex_text(const SecretBytes& bytes) {
    constexpr const char* digits = "0123456789abcdef";
    std::string text;
    text.reserve(2 * bytes.size());
    for (size_t at = 0; at < bytes.size(); ++at) {
        text += digits[bytes.data()[at] >> 4];
        text += digits[bytes.data()[at] & 15];
    }
    return text;
}

Json algorithm_key(const std::optional<KeyedAlgorithm>& algorithm) {
    if (!algorithm) return nullptr;
    return {{"name", algorithm->name}, {"key", hex_text(algorithm->key)}, {"icv_bits", algorithm->icv_bits}};
}

Json keys_of(const SecurityAssociation& sa) {
    return {{"spi", spi_text(sa.id.spi)},
            {"source", sa.source.text()},
            {"destination", sa.id.destination.text()},
            {"if_id", sa.if_id},
            {"esn", sa.esn()},
            {"aead", algorithm_key(sa.algorithms.aead)},
            {"cipher", algorithm_key(sa.algorithms.cipher)},
            {"integrity", algorithm_key(sa.algorithms.integrity)}};
}

Json success() { return {{"ok", true}}; }

Json failure(const std::string& error) { return {{"ok", false}, {"error", error}}; }

std::string text_of(const Json& reply) { return reply.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

ResidentMemory::ResidentMemory() : statm_(open("/proc/self/statm", O_RDONLY | O_CLOEXEC)) {}

/** The second number is the resident pages (proc(5)). */
uint64_t ResidentMemory::bytes() const {
    std::array<char, 128> text{};
    uint64_t total_pages = 0;
    uint64_t resident_pages = 0;
    if (pread(statm_.get(), text.data(), text.size() - 1, 0) <= 0) return 0;
    std::istringstream(text.data()) >> total_pages >> resident_pages;
    return resident_pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

void ControlCommands::handle(std::string_view line, const Reply& reply) {
    std::optional<Json> answer;
    try {
        const Request request = Request::parse(line, nullptr, false);
        answer = request.is_object() ? dispatch(request, reply) : failure("request: a JSON object is needed");
    } catch (const std::exception& error) {
        answer = failure(error.what());
    }
    if (answer) reply(text_of(*answer));
}

std::optional<Json> ControlCommands::dispatch(const nlohmann::json& request, const Reply& reply) {
    const std::string command = string_field(request, "command");
    if (command == "tun-remove") {
        remove_tun(request, reply);
        return std::nullopt;
    }
    if (command == "ping") return success();
    if (command == "tun-add") return add_tun(request);
    if (command == "tun-list") return list_tuns();
    if (command == "stats") return statistics();
    if (command == "sa-keys") return sa_keys();
    return failure("command: not known");
}

Json ControlCommands::add_tun(const nlohmann::json& request) {
    const auto if_id = static_cast<uint32_t>(integer_field(request, "if_id", 1, UINT32_MAX));
    const auto mtu = static_cast<int>(integer_field(request, "mtu", minimum_mtu, maximum_mtu));
    tuns_.add(string_field(request, "name"), if_id, mtu);
    return success();
}

void ControlCommands::remove_tun(const nlohmann::json& request, const Reply& reply) {
    tuns_.remove(string_field(request, "name"), [reply](const std::string& error) {
        reply(text_of(error.empty() ? success() : failure(error)));
    });
}

Json ControlCommands::list_tuns() {
    Json tuns = Json::array();
    tuns_.for_each([&](const TunDevice& tun) {
        tuns.push_back({{"name", tun.name()}, {"if_id", tun.if_id()}, {"mtu", tun.mtu()}});
    });
    return {{"ok", true}, {"tuns", tuns}};
}

Json ControlCommands::statistics() {
    Json sas = Json::array();
    sad_.for_each([&](const SecurityAssociation& sa) {
        if (sa.state != SaState::larval) sas.push_back(sa_statistics(sa));
    });
    Json drops = Json::object();
    drops_.for_each([&](const char* name, uint64_t count) { drops[name] = count; });
    Json tuns = Json::array();
    tuns_.for_each([&](const TunDevice& tun) { tuns.push_back(tun_statistics(tun)); });
    return {{"ok", true},
            {"uptime_seconds", clock_.monotonic_seconds() - started_},
            {"sas", sas},
            {"policies", spd_.size()},
            {"drops", drops},
            {"tuns", tuns},
            {"gcm", IpsecMb::gcm_implementation()},
            {"rss_bytes", memory_.bytes()}};
}

/** For captures whose owner has to read what is inside. Whoever reaches the socket could read them in the kernel's SAs as well. */
Json ControlCommands::sa_keys() {
    Json sas = Json::array();
    sad_.for_each([&](const SecurityAssociation& sa) {
        if (sa.state != SaState::larval) sas.push_back(keys_of(sa));
    });
    return {{"ok", true}, {"sas", sas}};
}

}  // namespace uxfrm
