#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include <netinet/in.h>

#include "minute_statistics.h"
#include "nanoseconds.h"
#include "path_mtu_check.h"

namespace uxfrm {

struct ProbeSettings {
    Nanoseconds interval = 0;
    /** A later answer is none. */
    Nanoseconds timeout = 0;
    /** So many unanswered probes in a row are a failure. */
    uint32_t threshold = 0;
    /** Of the tunnel, bytes: packets as large are sent now and then; 0: none are. */
    size_t mtu = 0;
};

/** What whoever judges a target needs to know. */
struct ProbeState {
    /** Of the probe that ended last. */
    bool answers = false;
    /** Unanswered in a row: now, or, where the last one was answered, before it. */
    uint32_t run = 0;
    /** Since the last unanswered one; none so far when absent. */
    std::optional<Nanoseconds> since_loss;
    /** Of the last minute. */
    ProbeCounts minute;
    /** What large packets say, which nothing of the above depends on. */
    PathMtu path_mtu;
};

/** One address that is probed: which probes are under way, and how the others ended. Knows no socket and no clock. */
class ProbeTarget {
public:
    /** @param place from 0 to 1: when in its interval it is probed. */
    ProbeTarget(std::string name, in_addr address, const ProbeSettings& settings, double place, Nanoseconds now);

    const std::string& name() const { return name_; }
    in_addr address() const { return address_; }

    /** Counts and what is under way stay. */
    void change(const ProbeSettings& settings, Nanoseconds now);

    /** When it wants to be looked at: to be probed, or since a probe has had its time. */
    Nanoseconds due() const;

    /** Whether a probe is to leave now. What was missed by more than half an interval is left out, and counts for nothing. */
    bool wants_probe(Nanoseconds now);
    /** A probe leaves: its sequence number. @param token that its answer has to bear. */
    uint16_t probe(Nanoseconds now, uint64_t token);
    /** By then the newest one had left: only now does its time begin. Whoever was not scheduled in between has lost nothing by it. */
    void note_left(Nanoseconds time) { under_way_.back().deadline = time + settings_.timeout; }
    /** The newest one did not leave after all. It has its time all the same, and is unanswered then. */
    void note_unsent() { under_way_.back().left = false; }

    /** Each returns true when whoever judges the target must be told. */
    bool note_answer(uint16_t sequence, uint64_t token, Nanoseconds received);
    /** Probes whose time was over by then are unanswered. */
    bool expire(Nanoseconds now);

    bool wants_large_probe(Nanoseconds now) const { return path_mtu_.wants_probe(now); }
    /** A large one leaves: its size with the IP header, bytes. */
    size_t probe_large(Nanoseconds now, uint64_t token) { return path_mtu_.probe(now, settings_.timeout, token); }
    /** As for the others; each returns true when whoever judges the target must be told. */
    void note_large_left(Nanoseconds time) { path_mtu_.note_left(time); }
    bool note_large_unsent(Nanoseconds now, bool is_too_large);
    bool note_large_answer(size_t size, uint64_t token, Nanoseconds received) { return path_mtu_.note_answer(size, token, received); }

    /** Absent until a probe has ended. */
    std::optional<ProbeState> state(Nanoseconds now);

private:
    struct Probe {
        Nanoseconds sent;
        Nanoseconds deadline;
        uint64_t token;
        bool left = true;
        bool answered = false;
    };

    bool end_answered(const Probe& probe, Nanoseconds received);
    bool end_lost(const Probe& probe);
    Nanoseconds slot_after(Nanoseconds time) const;
    void forget_answered();

    std::string name_;
    in_addr address_;
    ProbeSettings settings_;
    double place_;
    Nanoseconds next_probe_;

    /** In order; the first one is not answered. Sequence numbers follow each other. */
    std::deque<Probe> under_way_;
    uint16_t first_sequence_ = 0;

    std::optional<bool> answers_;
    uint32_t run_ = 0;
    bool failure_told_ = false;
    std::optional<Nanoseconds> last_loss_;
    MinuteStatistics minute_;
    PathMtuCheck path_mtu_;
};

}  // namespace uxfrm
