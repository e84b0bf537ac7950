#include "daemon.h"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace uxfrm {
namespace {

/** A gateway that could never have a tunnel should not start. */
void require_tun_driver() {
    const FileDescriptor probe(open("/dev/net/tun", O_RDWR | O_CLOEXEC));
    if (!probe) throw std::system_error(errno, std::generic_category(), "/dev/net/tun");
}

}  // namespace

Daemon::Daemon(const Options& options)
    : xfrm_listener_((require_tun_driver(), XfrmServer::listen())),
      tuns_(drops_),
      mtu_(sad_, tuns_, options.path_mtu),
      path_watch_(loop_, [this](const IpAddress& destination) { mtu_.mark_path(destination); }),
      requests_(sad_, spd_, clock_, outer_.esp_sockets(), [this](uint32_t if_id) { mtu_.mark(if_id); }),
      xfrm_(loop_, std::move(xfrm_listener_), requests_, clock_, [this](uint16_t family) { return outer_.ike_socket(family); },
            [this](uint64_t session) { lifecycle_.session_started(session); }),
      lifecycle_(sad_, spd_, xfrm_, clock_, options.stale_sa_seconds),
      sender_(outer_.esp_sockets(), drops_),
      receiver_(outer_.esp_sockets()),
      outbound_(sad_, spd_, lifecycle_, sender_, tuns_, xfrm_, drops_, clock_),
      inbound_(sad_, spd_, lifecycle_, tuns_, xfrm_, drops_, clock_),
      commands_(tuns_, sad_, spd_, drops_, clock_),
      control_(loop_, options.control_path, [this](std::string_view line) { return commands_.handle(line); }) {
    sender_.on_path_trouble([this](const IpAddress& destination) { mtu_.mark_path(destination); });
    watch_signals();
    watch_tuns();
    watch_outer();
    loop_.every_second([this] {
        lifecycle_.sweep();
        outbound_.expire_waiting();
        mtu_.second();
    });
    loop_.after_each_turn([this] {
        lifecycle_.reap();
        mtu_.refresh_changed();
        outbound_.release_waiting();
    });
}

void Daemon::run() {
    log(LogLevel::info, "ready", {{"gcm", IpsecMb::gcm_implementation()}});
    loop_.run();
    log(LogLevel::info, "stopped");
}

void Daemon::watch_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, nullptr);
    signals_ = FileDescriptor(signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
    loop_.watch(signals_.get(), EPOLLIN, [this](uint32_t) { loop_.stop(); });
}

void Daemon::watch_tuns() {
    TunTable::Observer observer;
    observer.added = [this](TunDevice& tun) {
        const uint32_t if_id = tun.if_id();
        loop_.watch(tun.fd(), EPOLLIN, [this, if_id](uint32_t) {
            TunDevice* device = tuns_.find(if_id);
            if (device && !outbound_.drain(*device)) tuns_.forget(if_id);
        });
        mtu_.mark(if_id);
    };
    observer.removed = [this](TunDevice& tun) { loop_.unwatch(tun.fd()); };
    tuns_.observe(std::move(observer));
}

void Daemon::watch_outer() {
    for (const OuterTransport transport : outer_transports) {
        const int socket = outer_.esp_sockets()[index_of(transport)];
        if (socket >= 0) loop_.watch(socket, EPOLLIN, [this, transport](uint32_t) { inbound_.drain(receiver_, transport); });
    }
}

}  // namespace uxfrm
