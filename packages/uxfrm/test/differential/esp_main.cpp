#include <cstdio>
#include <exception>
#include <string>

#include "esp_checks.h"

// esp-differential UXFRM [NAME]: ESP packets between the kernel and a uxfrm, both ways; with a name, the checks whose names have it in
// them. Root. One line for each check, then the sum; exit status 0: all is well.

namespace uxfrm::differential {
namespace {

int check_all(const std::string& program, const std::string& only) {
    EspWorld world(program);
    size_t passed = 0;
    size_t failed = 0;
    for (const auto& part : {algorithm_checks(), limit_checks()}) {
        for (const Check& check : part) {
            if (check.name.find(only) == std::string::npos) continue;
            const std::string trouble = check.run(world);
            ++(trouble.empty() ? passed : failed);
            std::printf("%s %s%s%s\n", trouble.empty() ? "ok" : "FAILED", check.name.c_str(), trouble.empty() ? "" : ": ", trouble.c_str());
            std::fflush(stdout);
        }
    }
    std::printf("%zu checks passed, %zu failed\n", passed, failed);
    return failed == 0 && passed != 0 ? 0 : 1;
}

}  // namespace
}  // namespace uxfrm::differential

int main(int argc, char** argv) {
    try {
        if (argc < 2) throw std::runtime_error("usage: esp-differential UXFRM [NAME]");
        return uxfrm::differential::check_all(argv[1], argc > 2 ? argv[2] : "");
    } catch (const std::exception& error) {
        std::fprintf(stderr, "esp-differential: %s\n", error.what());
        return 2;
    }
}
