#include <sys/prctl.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "server.h"

namespace {

/** A few descriptors for each namespace, and there may be thousands. */
void allow_descriptors() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

/** netnsd: enters network namespaces for whoever holds its standard input, and ends with it. */
int main() {
    try {
        std::signal(SIGPIPE, SIG_IGN);
        // Also with a parent whose end of the pipe somebody else holds.
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        allow_descriptors();
        netnsd::Server().run();
        return EXIT_SUCCESS;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "netnsd: %s\n", error.what());
        return EXIT_FAILURE;
    }
}
