#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>

#include "daemon.h"
#include "ipsec_mb.h"
#include "privileges.h"

namespace {

/** Its configuration is in files, which are out of reach later. */
void load_crypto_library() {
    uint8_t random = 0;
    OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, nullptr);
    if (RAND_bytes(&random, sizeof(random)) != 1) throw std::runtime_error("no random numbers");
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const uxfrm::Options options = uxfrm::parse_options(argc, argv);
        uxfrm::begin_log(options.log_level);
        std::signal(SIGPIPE, SIG_IGN);  // a reader of the log or of the control socket that goes away must not end us
        uxfrm::protect_memory();
        load_crypto_library();
        uxfrm::IpsecMb::load();
        uxfrm::Daemon daemon(options);
        uxfrm::drop_privileges();
        daemon.start_threads();  // after what counts for one thread only, before what counts for all
        uxfrm::restrict_system_calls();
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
