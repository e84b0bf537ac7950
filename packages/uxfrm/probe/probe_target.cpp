#include "probe_target.h"

#include <algorithm>
#include <utility>

namespace uxfrm {
namespace {

/** A new target is probed soon, however long its interval is, but not together with all others that are new. */
constexpr Nanoseconds first_within = 100 * per_millisecond;

Nanoseconds part_of(Nanoseconds time, double part) { return static_cast<Nanoseconds>(static_cast<double>(time) * part); }

}  // namespace

ProbeTarget::ProbeTarget(std::string name, in_addr address, const ProbeSettings& settings, double place, Nanoseconds now)
    : name_(std::move(name)),
      address_(address),
      settings_(settings),
      place_(place),
      next_probe_(now + part_of(std::min(settings.interval, first_within), place)),
      path_mtu_(place) {
    path_mtu_.set_mtu(settings.mtu, now);
}

void ProbeTarget::change(const ProbeSettings& settings, Nanoseconds now) {
    const bool has_new_interval = settings.interval != settings_.interval;
    settings_ = settings;
    path_mtu_.set_mtu(settings.mtu, now);
    if (has_new_interval) next_probe_ = slot_after(now);
}

Nanoseconds ProbeTarget::due() const {
    const Nanoseconds due = std::min(next_probe_, path_mtu_.due());
    return under_way_.empty() ? due : std::min(due, under_way_.front().deadline);
}

bool ProbeTarget::wants_probe(Nanoseconds now) {
    if (next_probe_ > now) return false;
    if (now - next_probe_ <= settings_.interval / 2) return true;
    next_probe_ = slot_after(now);
    return false;
}

uint16_t ProbeTarget::probe(Nanoseconds now, uint64_t token) {
    under_way_.push_back({now, now + settings_.timeout, token});
    next_probe_ = slot_after(next_probe_ + settings_.interval / 2);
    return static_cast<uint16_t>(first_sequence_ + under_way_.size() - 1);
}

bool ProbeTarget::note_answer(uint16_t sequence, uint64_t token, Nanoseconds received) {
    const auto place = static_cast<uint16_t>(sequence - first_sequence_);
    if (place >= under_way_.size()) return false;
    Probe& probe = under_way_[place];
    if (probe.answered || !probe.left || probe.token != token || received > probe.deadline) return false;
    probe.answered = true;
    const bool to_tell = end_answered(probe, received);
    forget_answered();
    return to_tell;
}

bool ProbeTarget::expire(Nanoseconds now) {
    bool to_tell = false;
    while (!under_way_.empty() && under_way_.front().deadline <= now) {
        to_tell |= end_lost(under_way_.front());
        under_way_.pop_front();
        ++first_sequence_;
        forget_answered();
    }
    return path_mtu_.expire(now, answers_ == true) || to_tell;
}

bool ProbeTarget::note_large_unsent(Nanoseconds now, bool is_too_large) {
    if (is_too_large) return path_mtu_.note_too_large();
    path_mtu_.note_unsent(now);
    return false;
}

std::optional<ProbeState> ProbeTarget::state(Nanoseconds now) {
    if (!answers_) return std::nullopt;
    ProbeState state{*answers_, run_, std::nullopt, minute_.total(now / per_second), path_mtu_.known()};
    if (last_loss_) state.since_loss = now - std::min(now, *last_loss_);
    return state;
}

bool ProbeTarget::end_answered(const Probe& probe, Nanoseconds received) {
    const Nanoseconds delay = received - std::min(received, probe.sent);
    minute_.add(received / per_second, {1, 0, 0, delay / 1000});
    if (answers_ == true) return false;
    path_mtu_.begin(received);
    answers_ = true;
    failure_told_ = false;
    return true;
}

bool ProbeTarget::end_lost(const Probe& probe) {
    minute_.add(probe.deadline / per_second, {1, 1, probe.left ? 0u : 1u, 0});
    run_ = answers_ == false ? run_ + 1 : 1;
    answers_ = false;
    last_loss_ = probe.deadline;
    if (run_ >= settings_.threshold) path_mtu_.end();
    // Each one moves the end of a hold-down, until there is nothing to hold any more.
    if (run_ < settings_.threshold) return true;
    return !std::exchange(failure_told_, true);
}

/** The first moment of its own after this one. */
Nanoseconds ProbeTarget::slot_after(Nanoseconds time) const {
    const Nanoseconds offset = part_of(settings_.interval, place_);
    return time < offset ? offset : offset + ((time - offset) / settings_.interval + 1) * settings_.interval;
}

void ProbeTarget::forget_answered() {
    while (!under_way_.empty() && under_way_.front().answered) {
        under_way_.pop_front();
        ++first_sequence_;
    }
}

}  // namespace uxfrm
