#include <sched.h>
#include <sys/utsname.h>

#include <cstdio>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>

#include "comparison.h"
#include "daemon_process.h"

// xfrm-differential --uxfrm PROGRAM --expected FILE [--seed N] [--random CASES] [--only NAME]
//
// Sends the same XFRM requests to the kernel and to a uxfrm, both of a network namespace of its own, and compares all that they
// answer. Root. Exit status 0: no difference but the expected ones, and all of those.

namespace uxfrm::differential {
namespace {

struct Arguments {
    std::string uxfrm;
    std::string expected;
    uint64_t seed = 1;
    uint32_t random = 100;
    std::string only;
};

Arguments read_arguments(int argc, char** argv) {
    Arguments arguments;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string option = argv[i];
        const std::string value = argv[i + 1];
        if (option == "--uxfrm") arguments.uxfrm = value;
        if (option == "--expected") arguments.expected = value;
        if (option == "--seed") arguments.seed = std::stoull(value);
        if (option == "--random") arguments.random = static_cast<uint32_t>(std::stoul(value));
        if (option == "--only") arguments.only = value;
    }
    if (arguments.uxfrm.empty() || arguments.expected.empty()) throw std::runtime_error("--uxfrm PROGRAM and --expected FILE are needed");
    return arguments;
}

/** As charon sets it: how long an SPI waits for its SA. */
void set_acquire_expiry() {
    std::ofstream file("/proc/sys/net/core/xfrm_acq_expires");
    if (!(file << 165 << std::flush)) throw std::runtime_error("xfrm_acq_expires: has this kernel no XFRM?");
}

KernelVersion running_kernel() {
    utsname names{};
    if (uname(&names) != 0) throw std::runtime_error("uname: no version of the kernel");
    return kernel_version(names.release);
}

size_t count_vanished(const ExpectedDifferences& expected) {
    size_t vanished = 0;
    for (const auto& entry : expected.entries()) {
        if (entry.seen != 0) continue;
        ++vanished;
        std::printf("expected difference that does not occur any more: %s\n", entry.name.c_str());
    }
    return vanished;
}

int compare_all(const Arguments& arguments) {
    if (unshare(CLONE_NEWNET) != 0) throw std::runtime_error("no network namespace: root is needed");
    set_acquire_expiry();
    const DaemonProcess daemon(arguments.uxfrm);
    Implementation kernel = Implementation::kernel();
    Implementation uxfrm = Implementation::uxfrm();
    ExpectedDifferences expected(arguments.expected, running_kernel());
    Comparison comparison(kernel, uxfrm, expected);

    size_t written = 0;
    for (const auto& part : {written_protocol_cases(), written_sa_cases(), written_algorithm_cases(), written_policy_cases()}) {
        for (const Case& wanted : part) {
            if (wanted.name.find(arguments.only) == std::string::npos) continue;
            comparison.run(wanted);
            ++written;
        }
    }
    const size_t written_requests = comparison.requests();
    for (uint32_t number = 0; number < arguments.random; ++number) comparison.run(random_case(arguments.seed, number));
    const size_t vanished = arguments.only.empty() ? count_vanished(expected) : 0;
    std::printf("%zu written cases, %zu requests; %u random cases of seed %llu, %zu requests; ", written, written_requests, arguments.random,
                static_cast<unsigned long long>(arguments.seed), comparison.requests() - written_requests);
    std::printf("%zu expected differences, %zu of them vanished; %zu unexpected\n", expected.entries().size(), vanished,
                comparison.unexpected());
    return vanished == 0 && comparison.unexpected() == 0 ? 0 : 1;
}

}  // namespace
}  // namespace uxfrm::differential

int main(int argc, char** argv) {
    try {
        return uxfrm::differential::compare_all(uxfrm::differential::read_arguments(argc, argv));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "xfrm-differential: %s\n", error.what());
        return 2;
    }
}
