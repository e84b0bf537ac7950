#include "slow_calls.h"

#include <exception>
#include <utility>

#include "started_thread.h"

namespace uxfrm {
namespace {

std::string error_of(const SlowCalls::Call& call) {
    try {
        call();
        return {};
    } catch (const std::exception& error) {
        return error.what();
    }
}

}  // namespace

SlowCalls::~SlowCalls() {
    {
        const std::lock_guard held(mutex_);
        stopped_ = true;
    }
    changed_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void SlowCalls::start() {
    thread_ = start_thread([this] { work(); });
}

void SlowCalls::make(Call call, Done done) {
    {
        const std::lock_guard held(mutex_);
        waiting_.push_back({std::move(call), std::move(done)});
    }
    changed_.notify_one();
}

void SlowCalls::work() {
    std::unique_lock held(mutex_);
    for (;;) {
        changed_.wait(held, [this] { return stopped_ || !waiting_.empty(); });
        if (stopped_) return;
        Waiting next = std::move(waiting_.front());
        waiting_.pop_front();
        held.unlock();
        std::string error = error_of(next.call);
        next.call = nullptr;
        queue_.post_always([done = std::move(next.done), error = std::move(error)] { done(error); });
        held.lock();
    }
}

}  // namespace uxfrm
