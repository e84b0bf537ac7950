#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "nanoseconds.h"

namespace uxfrm {

enum class PathMtuVerdict {
    /** Nothing is known: it was not asked yet, or small probes are not answered. */
    unknown,
    /** Packets of the MTU are answered. */
    passes,
    /** The path says itself that they are too large: whoever sends them is told as well. */
    told,
    /** They vanish, smaller ones are answered. */
    hole,
    /** No large packet is answered at all, which is likelier the target's habit than the path's. */
    unanswered,
};

struct PathMtu {
    PathMtuVerdict verdict = PathMtuVerdict::unknown;
    /** Of a hole: the largest packet that was answered, bytes. */
    size_t largest = 0;
};

/**
 * Whether packets of a tunnel's MTU pass as small ones do. It asks seldom, and more often once one was not answered; several in a row, while
 * small ones are answered, begin a search for the largest that is. Knows no socket and no clock.
 */
class PathMtuCheck {
public:
    /** @param place from 0 to 1: when it asks, among all that have something to ask at the same time. */
    explicit PathMtuCheck(double place) : place_(place) {}

    /** Asks with packets of this size from now on, IP header and all, bytes; 0: nothing is asked. */
    void set_mtu(size_t mtu, Nanoseconds now);
    size_t mtu() const { return mtu_; }

    /** Small probes are answered (again): it asks soon. */
    void begin(Nanoseconds now);
    /** They are not any more. */
    void end();

    /** When it wants to be looked at; UINT64_MAX: not by itself. */
    Nanoseconds due() const { return under_way_ ? under_way_->deadline : next_; }
    bool wants_probe(Nanoseconds now) const { return !under_way_ && next_ <= now; }
    /** A packet leaves: its size. @param timeout of small probes. @param token that its answer has to bear. */
    size_t probe(Nanoseconds now, Nanoseconds timeout, uint64_t token);
    /** By then it had left: only now does its time begin. */
    void note_left(Nanoseconds time);
    /** It did not leave, since the path is known not to carry so much. True when something else is known now. */
    bool note_too_large();
    /** It did not leave for another reason, which says nothing. */
    void note_unsent(Nanoseconds now);

    /** @param size of the packet that was answered. True when something else is known now. */
    bool note_answer(size_t size, uint64_t token, Nanoseconds received);
    /** @param are_small_answered else what was lost says nothing. True when something else is known now. */
    bool expire(Nanoseconds now, bool are_small_answered);

    const PathMtu& known() const { return known_; }

private:
    struct Probe {
        size_t size;
        uint64_t token;
        Nanoseconds sent;
        Nanoseconds timeout;
        Nanoseconds deadline;
    };

    /** What is known to pass, what is known not to, and how many were asked in between. */
    struct Search {
        size_t low;
        size_t high;
        unsigned asked;
    };

    size_t size_to_ask() const { return search_ ? (search_->low + search_->high + 1) / 2 : mtu_; }
    bool note_lost(Nanoseconds now, Nanoseconds sent);
    bool advance(Nanoseconds now);
    bool learn(const PathMtu& known);

    double place_;
    size_t mtu_ = 0;
    bool asks_ = false;
    Nanoseconds next_ = UINT64_MAX;
    std::optional<Probe> under_way_;
    /** Packets of the MTU in a row, since it was last answered or searched for. */
    unsigned lost_ = 0;
    std::optional<Search> search_;
    PathMtu known_;
};

}  // namespace uxfrm
