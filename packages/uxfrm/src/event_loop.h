#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>
#include <utility>

#include "file_descriptor.h"

struct epoll_event;

namespace uxfrm {

/** Held while the handlers of one wake-up run; never while the loop waits. */
class TurnLock {
public:
    virtual ~TurnLock() = default;
    virtual void lock() = 0;
    virtual void unlock() = 0;
};

/** One epoll instance, one thread. Handlers must not block. */
class EventLoop {
public:
    using Handler = std::function<void(uint32_t events)>;

    EventLoop();

    /** Where other threads work on the same things. Before run(). */
    void lock_turns(TurnLock& lock) { lock_ = &lock; }

    /** The handler may unwatch its own or any other descriptor. */
    void watch(int fd, uint32_t events, Handler handler);
    void modify(int fd, uint32_t events);
    void unwatch(int fd);

    /** Called after all events of one wake-up. */
    void after_each_turn(std::function<void()> action) { after_turn_ = std::move(action); }
    void every_second(std::function<void()> action);

    void run();
    /** Ends run(), or keeps it from beginning. From any thread. */
    void stop();

private:
    void handle(const epoll_event* events, int count);

    FileDescriptor epoll_;
    FileDescriptor timer_;
    std::unordered_map<int, std::shared_ptr<Handler>> handlers_;
    std::function<void()> after_turn_;
    TurnLock* lock_ = nullptr;
    FileDescriptor wake_;
    std::atomic<bool> stopped_ = false;
};

}  // namespace uxfrm
