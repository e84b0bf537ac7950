#pragma once

#include <pthread.h>

#include "event_loop.h"

namespace uxfrm {

/**
 * What keeps several threads apart: workers handle packets as readers of all databases (SAD, SPD, TUN devices), the
 * control thread does all it does as the only writer. A waiting writer goes first, or busy workers would starve IKE.
 */
class DatabaseLock {
public:
    DatabaseLock() : readers_(lock_), writer_(lock_) {
        pthread_rwlockattr_t attributes;
        pthread_rwlockattr_init(&attributes);
        pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
        pthread_rwlock_init(&lock_, &attributes);
        pthread_rwlockattr_destroy(&attributes);
    }
    ~DatabaseLock() { pthread_rwlock_destroy(&lock_); }
    DatabaseLock(const DatabaseLock&) = delete;
    DatabaseLock& operator=(const DatabaseLock&) = delete;

    TurnLock& for_worker() { return readers_; }
    TurnLock& for_control() { return writer_; }

private:
    struct Readers final : TurnLock {
        explicit Readers(pthread_rwlock_t& lock) : rwlock(lock) {}
        void lock() override { pthread_rwlock_rdlock(&rwlock); }
        void unlock() override { pthread_rwlock_unlock(&rwlock); }
        pthread_rwlock_t& rwlock;
    };
    struct Writer final : TurnLock {
        explicit Writer(pthread_rwlock_t& lock) : rwlock(lock) {}
        void lock() override { pthread_rwlock_wrlock(&rwlock); }
        void unlock() override { pthread_rwlock_unlock(&rwlock); }
        pthread_rwlock_t& rwlock;
    };

    pthread_rwlock_t lock_{};
    Readers readers_;
    Writer writer_;
};

}  // namespace uxfrm
