#pragma once

#include <future>
#include <thread>
#include <utility>

namespace uxfrm {

/** A thread with the privileges of the one that calls; on return all system calls that its own start needs are done. */
template <typename Work>
std::thread start_thread(Work work) {
    std::promise<void> begun;
    const std::future<void> wait_for_it = begun.get_future();
    std::thread thread([work = std::move(work), begun = std::move(begun)]() mutable {
        begun.set_value();
        work();
    });
    wait_for_it.wait();
    return thread;
}

}  // namespace uxfrm
