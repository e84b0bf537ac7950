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
    : queue_(loop_),
      xfrm_listener_((require_tun_driver(), XfrmServer::listen())),
      outer_(options.workers),
      slow_calls_(queue_),
      tuns_(drops_, slow_calls_, options.workers),
      mtu_(sad_, tuns_, options.path_mtu),
      path_watch_(loop_, [this](const IpAddress& destination) { mtu_.mark_path(destination); }),
      requests_(sad_, spd_, clock_, outer_.esp_sockets(), [this](uint32_t if_id) { mtu_.mark(if_id); }),
      xfrm_(loop_, std::move(xfrm_listener_), requests_, clock_, [this](uint16_t family) { return outer_.ike_socket(family); },
            [this](uint64_t session) { lifecycle_.session_started(session); }),
      lifecycle_(sad_, spd_, xfrm_, clock_, options.stale_sa_seconds),
      commands_(tuns_, sad_, spd_, drops_, clock_),
      control_(loop_, options.control_path,
               [this](std::string_view line, const ControlServer::Reply& reply) { commands_.handle(line, reply); }) {
    make_paths(options.workers);
    watch_signals();
    watch_tuns();
    loop_.every_second([this] {
        lifecycle_.sweep();
        for (DataPath* path : paths_) path->outbound().expire_waiting();
        mtu_.second();
    });
    loop_.after_each_turn([this] {
        lifecycle_.reap();
        mtu_.refresh_changed();
        for (DataPath* path : paths_) path->outbound().release_waiting();
    });
}

void Daemon::start_threads() {
    slow_calls_.start();
    for (auto& worker : workers_) worker->start();
}

void Daemon::run() {
    log(LogLevel::info, "ready", {{"gcm", IpsecMb::gcm_implementation()}, {"workers", paths_.size()}});
    lock_.for_control().lock();
    for (DataPath* path : paths_) path->watch_outer();
    lock_.for_control().unlock();
    loop_.run();
    workers_.clear();
    log(LogLevel::info, "stopped");
}

void Daemon::make_paths(size_t workers) {
    const Databases databases{sad_, spd_, lifecycle_, tuns_, drops_, clock_};
    if (workers == 1) {
        own_path_ = std::make_unique<DataPath>(loop_, databases, outer_.esp_sockets(), xfrm_, 0);
        own_path_->sender().on_path_trouble([this](const IpAddress& destination) { mtu_.mark_path(destination); });
        paths_ = {own_path_.get()};
        return;
    }
    loop_.lock_turns(lock_.for_control());
    for (size_t number = 0; number < workers; ++number) {
        workers_.push_back(std::make_unique<Worker>(databases, outer_.esp_sockets(number), lock_, queue_, xfrm_, number));
        paths_.push_back(&workers_.back()->path());
        paths_.back()->sender().on_path_trouble([this](const IpAddress& destination) {
            queue_.post([this, destination] { mtu_.mark_path(destination); });
        });
    }
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
        path_of(tun).watch_tun(tun, [this](uint32_t if_id) {
            if (workers_.empty()) return tuns_.forget(if_id);
            queue_.post([this, if_id] { tuns_.forget(if_id); });
        });
        mtu_.mark(tun.if_id());
    };
    observer.removed = [this](TunDevice& tun) { path_of(tun).unwatch_tun(tun); };
    tuns_.observe(std::move(observer));
}

}  // namespace uxfrm
