#include <sys/prctl.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>

#include "daemon.h"

namespace {

/** A reader of the log or of the control socket that goes away must not end us; keys stay out of core dumps. */
void harden_process() {
    std::signal(SIGPIPE, SIG_IGN);
    prctl(PR_SET_DUMPABLE, 0);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const uxfrm::Options options = uxfrm::parse_options(argc, argv);
        uxfrm::set_log_level(options.log_level);
        harden_process();
        uxfrm::Daemon daemon(options);
        daemon.run();
        return EXIT_SUCCESS;
    } catch (const std::invalid_argument& error) {
        std::fprintf(stderr, "uxfrm: %s\n%s", error.what(), uxfrm::usage);
        return 2;
    } catch (const std::exception& error) {
        uxfrm::log(uxfrm::LogLevel::error, "failed", {{"error", error.what()}});
        return EXIT_FAILURE;
    }
}
