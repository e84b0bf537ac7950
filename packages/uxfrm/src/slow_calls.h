#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "control_queue.h"

namespace uxfrm {

/**
 * Calls for which the kernel lets us wait (a device that goes: tens of milliseconds), one after the other in a thread of
 * their own: packets and control do not wait with them.
 */
class SlowCalls {
public:
    using Call = std::function<void()>;
    /** A turn of the control thread; what the call threw, or empty. */
    using Done = std::function<void(const std::string& error)>;

    explicit SlowCalls(ControlQueue& queue) : queue_(queue) {}
    /** Waits for the call that is being made; the others are not made any more. */
    ~SlowCalls();

    /** Calls made until then wait for it. See start_thread(). */
    void start();

    /** The call is destroyed in the thread too, before `done`. */
    void make(Call call, Done done);

private:
    struct Waiting {
        Call call;
        Done done;
    };

    void work();

    ControlQueue& queue_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Waiting> waiting_;
    bool stopped_ = false;
    std::thread thread_;
};

}  // namespace uxfrm
