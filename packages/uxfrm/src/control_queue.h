#pragma once

#include <functional>
#include <mutex>
#include <vector>

#include "event_loop.h"
#include "file_descriptor.h"

namespace uxfrm {

/** What workers leave to the control thread: all that changes a database or speaks to IKE. */
class ControlQueue {
public:
    using Task = std::function<void()>;

    /** Runs the tasks in turns of this loop. */
    explicit ControlQueue(EventLoop& loop);

    /** From any thread. Like a netlink multicast: when the queue is full the task is lost. */
    void post(Task task);

    /** Never lost: for who has a bounded number of tasks under way. */
    void post_always(Task task);

    /** A turn of the control thread, and of what it does after each. */
    void wake();

private:
    static constexpr size_t max_tasks = 1024;

    void run();

    FileDescriptor event_;
    std::mutex mutex_;
    std::vector<Task> tasks_;
};

}  // namespace uxfrm
