#include "options.h"

#include <sched.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <string_view>

namespace uxfrm {
namespace {

constexpr size_t max_workers = 64;

template <typename T>
T number(std::string_view option, std::string_view text, T min, T max) {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < min || value > max)
        throw std::invalid_argument(std::string(option) + ": a number from " + std::to_string(min) + " to " +
                                    std::to_string(max) + " is needed");
    return value;
}

LogLevel level(std::string_view text) {
    if (text == "info") return LogLevel::info;
    if (text == "debug") return LogLevel::debug;
    throw std::invalid_argument("--log-level: info or debug is needed");
}

/** What this process may use. */
size_t usable_cores() {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    return sched_getaffinity(0, sizeof(cores), &cores) == 0 ? static_cast<size_t>(CPU_COUNT(&cores)) : 1;
}

}  // namespace

size_t default_workers(size_t cores) { return std::clamp<size_t>(cores / 2, 1, 4); }

const char* const usage =
    "usage: uxfrm --control PATH [--log-level info|debug] [--stale-sa-seconds N] [--path-mtu N] [--workers N]\n";

Options parse_options(int argc, const char* const* argv) {
    Options options;
    options.workers = default_workers(usable_cores());
    for (int i = 1; i < argc; i += 2) {
        const std::string_view option = argv[i];
        if (i + 1 == argc) throw std::invalid_argument(std::string(option) + ": a value is needed");
        const std::string_view value = argv[i + 1];
        if (option == "--control")
            options.control_path = value;
        else if (option == "--log-level")
            options.log_level = level(value);
        else if (option == "--stale-sa-seconds")
            options.stale_sa_seconds = number<uint64_t>(option, value, 1, 86400);
        else if (option == "--path-mtu")
            options.path_mtu = number<int>(option, value, 576, 65535);
        else if (option == "--workers")
            options.workers = number<size_t>(option, value, 1, max_workers);
        else
            throw std::invalid_argument(std::string(option) + ": not an option");
    }
    if (options.control_path.empty()) throw std::invalid_argument("--control: a path is needed");
    return options;
}

}  // namespace uxfrm
