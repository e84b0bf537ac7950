#include "event_loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>

#include <array>
#include <cerrno>
#include <mutex>
#include <system_error>

namespace uxfrm {
namespace {

void require(bool ok, const char* what) {
    if (!ok) throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

EventLoop::EventLoop() : epoll_(epoll_create1(EPOLL_CLOEXEC)), wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    require(static_cast<bool>(epoll_), "epoll_create1");
    require(static_cast<bool>(wake_), "eventfd");
    watch(wake_.get(), EPOLLIN, [](uint32_t) {});
}

void EventLoop::watch(int fd, uint32_t events, Handler handler) {
    epoll_event event{};
    event.events = events;
    event.data.fd = fd;
    require(epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0, "epoll_ctl");
    handlers_[fd] = std::make_shared<Handler>(std::move(handler));
}

void EventLoop::modify(int fd, uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.fd = fd;
    require(epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event) == 0, "epoll_ctl");
}

void EventLoop::unwatch(int fd) {
    epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
    handlers_.erase(fd);
}

void EventLoop::every_second(std::function<void()> action) {
    timer_ = FileDescriptor(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
    require(static_cast<bool>(timer_), "timerfd_create");
    const itimerspec second{{1, 0}, {1, 0}};
    require(timerfd_settime(timer_.get(), 0, &second, nullptr) == 0, "timerfd_settime");
    watch(timer_.get(), EPOLLIN, [this, action = std::move(action)](uint32_t) {
        uint64_t expirations = 0;
        if (read(timer_.get(), &expirations, sizeof(expirations)) > 0) action();
    });
}

void EventLoop::run() {
    std::array<epoll_event, 64> events;
    while (!stopped_) {
        const int count = epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), -1);
        if (count < 0 && errno == EINTR) continue;
        require(count >= 0, "epoll_wait");
        if (lock_) {
            const std::lock_guard turn(*lock_);
            handle(events.data(), count);
        } else {
            handle(events.data(), count);
        }
    }
}

void EventLoop::stop() {
    stopped_ = true;
    eventfd_write(wake_.get(), 1);
}

void EventLoop::handle(const epoll_event* events, int count) {
    for (int i = 0; i < count; ++i) {
        const auto found = handlers_.find(events[i].data.fd);
        if (found == handlers_.end()) continue;
        const std::shared_ptr<Handler> handler = found->second;
        (*handler)(events[i].events);
    }
    if (after_turn_) after_turn_();
}

}  // namespace uxfrm
