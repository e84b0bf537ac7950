#include "path_mtu_check.h"

#include <algorithm>

namespace uxfrm {
namespace {

/** Tunnels that come up together do not ask together. */
constexpr Nanoseconds first_within = per_second;
constexpr Nanoseconds usually_after = 30 * per_second;
constexpr Nanoseconds doubtful_after = per_second;
/** Somebody waits for it to be mended. */
constexpr Nanoseconds hole_after = 10 * per_second;
/** Whoever answers no large packets hardly ever begins to. */
constexpr Nanoseconds unanswered_after = 300 * per_second;
/** Nobody is slower than this, and small probes may have less time than a large packet needs. */
constexpr Nanoseconds shortest_timeout = per_second;

/** So many in a row are no accident. */
constexpr unsigned lost_in_row = 3;
/** So many more, and what passes is looked for anew: it may have become less. */
constexpr unsigned lost_in_hole = 60;
constexpr unsigned most_asked = 8;
/** Small probes are about as large. */
constexpr size_t known_to_pass = 44;
/** What every host takes in one piece (RFC 791): where not even that is answered it is not the path. */
constexpr size_t least_of_path = 576;

}  // namespace

void PathMtuCheck::set_mtu(size_t mtu, Nanoseconds now) {
    if (mtu == mtu_) return;
    const bool asks = asks_;
    end();
    mtu_ = mtu;
    if (asks) begin(now);
}

void PathMtuCheck::begin(Nanoseconds now) {
    if (asks_) return;
    asks_ = true;
    if (mtu_ >= least_of_path) next_ = now + static_cast<Nanoseconds>(static_cast<double>(first_within) * place_);
}

void PathMtuCheck::end() {
    asks_ = false;
    next_ = UINT64_MAX;
    under_way_.reset();
    search_.reset();
    lost_ = 0;
    known_ = {};
}

size_t PathMtuCheck::probe(Nanoseconds now, Nanoseconds timeout, uint64_t token) {
    timeout = std::max(timeout, shortest_timeout);
    under_way_ = Probe{size_to_ask(), token, now, timeout, now + timeout};
    return under_way_->size;
}

void PathMtuCheck::note_left(Nanoseconds time) {
    if (under_way_) under_way_->deadline = time + under_way_->timeout;
}

bool PathMtuCheck::note_too_large() {
    if (!under_way_) return false;
    next_ = under_way_->sent + usually_after;
    under_way_.reset();
    search_.reset();
    lost_ = 0;
    return learn({PathMtuVerdict::told, 0});
}

void PathMtuCheck::note_unsent(Nanoseconds now) {
    under_way_.reset();
    next_ = now + doubtful_after;
}

bool PathMtuCheck::note_answer(size_t size, uint64_t token, Nanoseconds received) {
    if (!under_way_ || under_way_->size != size || under_way_->token != token || received > under_way_->deadline) return false;
    under_way_.reset();
    if (search_) {
        search_->low = size;
        return advance(received);
    }
    lost_ = 0;
    next_ = received + usually_after;
    return learn({PathMtuVerdict::passes, 0});
}

bool PathMtuCheck::expire(Nanoseconds now, bool are_small_answered) {
    if (!under_way_ || under_way_->deadline > now) return false;
    const Probe probe = *under_way_;
    under_way_.reset();
    if (!are_small_answered) {
        next_ = now + doubtful_after;
        return false;
    }
    if (!search_) return note_lost(now, probe.sent);
    search_->high = probe.size;
    return advance(now);
}

bool PathMtuCheck::note_lost(Nanoseconds now, Nanoseconds sent) {
    const bool is_hole = known_.verdict == PathMtuVerdict::hole;
    if (++lost_ < (is_hole ? lost_in_hole : lost_in_row)) {
        next_ = is_hole ? now + hole_after : std::max(now, sent + doubtful_after);
        return false;
    }
    search_ = Search{known_to_pass, mtu_, 0};
    next_ = now;
    return false;
}

bool PathMtuCheck::advance(Nanoseconds now) {
    const bool is_narrow = search_->high <= least_of_path || search_->high - search_->low <= 1;
    next_ = now;
    if (++search_->asked < most_asked && !is_narrow) return false;
    const size_t largest = search_->low;
    search_.reset();
    lost_ = 0;
    const bool is_hole = largest >= least_of_path;
    next_ = now + (is_hole ? hole_after : unanswered_after);
    return learn(is_hole ? PathMtu{PathMtuVerdict::hole, largest} : PathMtu{PathMtuVerdict::unanswered, 0});
}

bool PathMtuCheck::learn(const PathMtu& known) {
    if (known.verdict == known_.verdict && known.largest == known_.largest) return false;
    known_ = known;
    return true;
}

}  // namespace uxfrm
