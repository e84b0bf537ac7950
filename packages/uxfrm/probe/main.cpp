#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "log.h"
#include "nobody.h"
#include "probe_daemon.h"

int main(int argc, char**) {
    if (argc != 1) {
        std::fputs("usage: uxprobe\nReads commands from its standard input, and ends with it (README.md).\n", stderr);
        return 2;
    }
    try {
        std::signal(SIGPIPE, SIG_IGN);  // its reports have no reader any more: its commands are about to end too
        uxfrm::ProbeDaemon daemon(STDIN_FILENO, STDOUT_FILENO);
        uxfrm::become_nobody();
        daemon.run();
        return EXIT_SUCCESS;
    } catch (const std::exception& error) {
        uxfrm::log(uxfrm::LogLevel::error, "failed", {{"error", error.what()}});
        return EXIT_FAILURE;
    }
}
