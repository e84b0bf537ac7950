#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>
#include <utility>

#include "file_descriptor.h"

namespace uxfrm {

/** One epoll instance, one thread. Handlers must not block. */
class EventLoop {
public:
    using Handler = std::function<void(uint32_t events)>;

    EventLoop();

    /** The handler may unwatch its own or any other descriptor. */
    void watch(int fd, uint32_t events, Handler handler);
    void modify(int fd, uint32_t events);
    void unwatch(int fd);

    /** Called after all events of one wake-up. */
    void after_each_turn(std::function<void()> action) { after_turn_ = std::move(action); }
    void every_second(std::function<void()> action);

    void run();
    void stop() { running_ = false; }

private:
    FileDescriptor epoll_;
    FileDescriptor timer_;
    std::unordered_map<int, std::shared_ptr<Handler>> handlers_;
    std::function<void()> after_turn_;
    bool running_ = false;
};

}  // namespace uxfrm
