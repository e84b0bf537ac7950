#pragma once

#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "icmp_socket.h"
#include "probe_target.h"
#include "random_numbers.h"

namespace uxfrm {

/** All targets of one network namespace: when each is probed, and whose answer a reply is. */
class Prober {
public:
    /** Throws system_error. */
    Prober();

    int fd() const { return socket_.fd(); }

    /**
     * A target of this name is probed like this from now on. One that has another address now is another target.
     * Throws std::length_error when there are too many.
     */
    void set(const std::string& name, in_addr address, const ProbeSettings& settings, Nanoseconds now);
    void remove(const std::string& name);

    /** Reads answers, ends what had its time, and sends what is due. */
    void turn(Nanoseconds now);

    /** When the next turn has something to do; absent without targets. */
    std::optional<Nanoseconds> due() const;

    /** Calls back for each target that has changed so that it has to be told, once. Ends when `tell` says false. */
    void tell_changed(const std::function<bool(ProbeTarget& target)>& tell);
    bool has_changed() const { return !changed_.empty(); }

    using Number = uint32_t;
    /** Numbers are not used again. */
    void for_each(const std::function<void(Number number, ProbeTarget& target)>& call);

private:
    static constexpr size_t most_targets = 10'000;

    struct Entry {
        ProbeTarget target;
        /** Where it stands in the schedule. */
        Nanoseconds planned;
    };

    struct Sender {
        Number number;
        bool is_large;
    };

    ProbeTarget& target(Number number) { return targets_.at(number).target; }
    void plan(Number number, Nanoseconds due);
    std::vector<Number> due_at(Nanoseconds now) const;
    void note_reply(const EchoReply& reply, Nanoseconds received);
    void send_due(Number number, Nanoseconds now);
    void send_large(Number number, Nanoseconds now);
    void note_unsent(const Sender& sender, Nanoseconds now, bool is_too_large);
    void send(Nanoseconds now);

    RandomNumbers random_;
    const ProberMark mark_;
    IcmpSocket socket_;

    std::unordered_map<Number, Entry> targets_;
    std::unordered_map<std::string, Number> numbers_;
    Number last_number_ = 0;

    /** Every target, by when it wants to be looked at. */
    std::set<std::pair<Nanoseconds, Number>> schedule_;

    std::set<Number> changed_;
    std::vector<IcmpSocket::Outgoing> outgoing_;
    std::vector<Sender> senders_;
};

}  // namespace uxfrm
