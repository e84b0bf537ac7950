#include "control_queue.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace uxfrm {

ControlQueue::ControlQueue(EventLoop& loop) : event_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    if (!event_) throw std::system_error(errno, std::generic_category(), "eventfd");
    loop.watch(event_.get(), EPOLLIN, [this](uint32_t) { run(); });
}

void ControlQueue::post(Task task) {
    {
        const std::lock_guard held(mutex_);
        if (tasks_.size() >= max_tasks) return;
        tasks_.push_back(std::move(task));
    }
    wake();
}

void ControlQueue::post_always(Task task) {
    {
        const std::lock_guard held(mutex_);
        tasks_.push_back(std::move(task));
    }
    wake();
}

void ControlQueue::wake() { eventfd_write(event_.get(), 1); }

void ControlQueue::run() {
    eventfd_t count;
    eventfd_read(event_.get(), &count);
    std::vector<Task> tasks;
    {
        const std::lock_guard held(mutex_);
        tasks.swap(tasks_);
    }
    for (const Task& task : tasks) task();
}

}  // namespace uxfrm
