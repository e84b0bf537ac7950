#include "prober.h"

#include <netinet/ip.h>

#include <cerrno>
#include <stdexcept>

namespace uxfrm {
namespace {

/** Multiples of it, taken modulo 1, lie apart from each other as evenly as can be, however many there are. */
constexpr double golden_ratio = 0.6180339887498949;

double place_of(uint32_t number) {
    const double multiple = number * golden_ratio;
    return multiple - static_cast<double>(static_cast<uint64_t>(multiple));
}

ProberMark draw_mark(RandomNumbers& random) {
    const uint64_t number = random.next();
    return {static_cast<uint16_t>(number), static_cast<uint32_t>(number >> 32)};
}

}  // namespace

Prober::Prober() : mark_(draw_mark(random_)), socket_(mark_) {}

void Prober::set(const std::string& name, in_addr address, const ProbeSettings& settings, Nanoseconds now) {
    const auto known = numbers_.find(name);
    if (known != numbers_.end() && target(known->second).address().s_addr == address.s_addr) {
        target(known->second).change(settings, now);
        return plan(known->second, target(known->second).due());
    }
    remove(name);
    if (targets_.size() >= most_targets) throw std::length_error("name: there are " + std::to_string(most_targets) + " targets already");
    const Number number = ++last_number_;
    numbers_[name] = number;
    const Entry entry{ProbeTarget(name, address, settings, place_of(number), now), 0};
    const Nanoseconds due = targets_.emplace(number, entry).first->second.target.due();
    plan(number, due);
}

void Prober::remove(const std::string& name) {
    const auto known = numbers_.find(name);
    if (known == numbers_.end()) return;
    const Number number = known->second;
    numbers_.erase(known);
    schedule_.erase({targets_.at(number).planned, number});
    changed_.erase(number);
    targets_.erase(number);
}

void Prober::turn(Nanoseconds now) {
    const Nanoseconds heard = socket_.receive(now, [this](const EchoReply& reply, Nanoseconds at) { note_reply(reply, at); });
    for (const Number number : due_at(now)) {
        // What we have not read yet is nobody's fault.
        if (target(number).expire(heard)) changed_.insert(number);
        if (target(number).wants_probe(now)) send_due(number, now);
        if (target(number).wants_large_probe(now)) send_large(number, now);
        plan(number, target(number).due());
    }
    send(now);
}

std::optional<Nanoseconds> Prober::due() const {
    if (schedule_.empty()) return std::nullopt;
    return schedule_.begin()->first;
}

void Prober::tell_changed(const std::function<bool(ProbeTarget& target)>& tell) {
    while (!changed_.empty()) {
        const Number number = *changed_.begin();
        changed_.erase(changed_.begin());
        if (!tell(target(number))) return;
    }
}

void Prober::for_each(const std::function<void(Number number, ProbeTarget& target)>& call) {
    for (auto& [number, entry] : targets_) call(number, entry.target);
}

void Prober::plan(Number number, Nanoseconds due) {
    Nanoseconds& planned = targets_.at(number).planned;
    schedule_.erase({planned, number});
    schedule_.insert({planned = due, number});
}

std::vector<Prober::Number> Prober::due_at(Nanoseconds now) const {
    std::vector<Number> due;
    for (auto entry = schedule_.begin(); entry != schedule_.end() && entry->first <= now; ++entry) due.push_back(entry->second);
    return due;
}

void Prober::note_reply(const EchoReply& reply, Nanoseconds received) {
    const auto found = targets_.find(reply.message.target);
    if (found == targets_.end() || found->second.target.address().s_addr != reply.source.s_addr) return;
    ProbeTarget& target = found->second.target;
    const bool to_tell = reply.length == echo_message_length
                             ? target.note_answer(reply.message.sequence, reply.message.token, received)
                             : target.note_large_answer(sizeof(iphdr) + reply.length, reply.message.token, received);
    if (to_tell) changed_.insert(found->first);
}

void Prober::send_due(Number number, Nanoseconds now) {
    const uint64_t token = random_.next();
    const uint16_t sequence = target(number).probe(now, token);
    outgoing_.push_back({target(number).address(), encode_echo_request(mark_, {sequence, number, token})});
    senders_.push_back({number, false});
}

/** Its size and its token say which one is answered. */
void Prober::send_large(Number number, Nanoseconds now) {
    const uint64_t token = random_.next();
    const size_t padding = target(number).probe_large(now, token) - sizeof(iphdr) - echo_message_length;
    outgoing_.push_back({target(number).address(), encode_echo_request(mark_, {0, number, token}), padding});
    senders_.push_back({number, true});
}

void Prober::note_unsent(const Sender& sender, Nanoseconds now, bool is_too_large) {
    if (!sender.is_large)
        target(sender.number).note_unsent();
    else if (target(sender.number).note_large_unsent(now, is_too_large))
        changed_.insert(sender.number);
}

void Prober::send(Nanoseconds now) {
    if (outgoing_.empty()) return;
    const Nanoseconds left = socket_.send(
        outgoing_, [&](size_t index, int error) { note_unsent(senders_[index], now, error == EMSGSIZE); });
    for (const auto& [number, is_large] : senders_) {
        if (is_large)
            target(number).note_large_left(left);
        else
            target(number).note_left(left);
    }
    outgoing_.clear();
    senders_.clear();
}

}  // namespace uxfrm
