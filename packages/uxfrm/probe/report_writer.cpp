#include "report_writer.h"

#include <unistd.h>

#include <nlohmann/json.hpp>

namespace uxfrm {
namespace {

using Json = nlohmann::ordered_json;

/** Many targets change at once when a line is cut: their reader shall judge them together. */
constexpr Nanoseconds between_lines = 10 * per_millisecond;
/** Keeps lines below 64 KiB. */
constexpr size_t most_states = 200;

Json milliseconds(std::optional<Nanoseconds> time) { return time ? Json(*time / per_millisecond) : Json(nullptr); }

Json mean_delay_us(const ProbeCounts& minute) {
    const uint32_t answered = minute.sent - minute.lost;
    return answered == 0 ? Json(nullptr) : Json(minute.delay_us / answered);
}

const char* word_for(PathMtuVerdict verdict) {
    switch (verdict) {
        case PathMtuVerdict::unknown: return "unknown";
        case PathMtuVerdict::passes: return "passes";
        case PathMtuVerdict::told: return "told";
        case PathMtuVerdict::hole: return "hole";
        case PathMtuVerdict::unanswered: return "unanswered";
    }
    return "unknown";
}

Json path_mtu_of(const PathMtu& known) {
    const bool is_hole = known.verdict == PathMtuVerdict::hole;
    return {{"verdict", word_for(known.verdict)}, {"largest", is_hole ? Json(known.largest) : Json(nullptr)}};
}

void add_state(Json& states, ProbeTarget& target, Nanoseconds now) {
    const auto state = target.state(now);
    if (!state) return;
    const ProbeCounts& minute = state->minute;
    states.push_back({{"name", target.name()},
                      {"answers", state->answers},
                      {"run", state->run},
                      {"since_loss_ms", milliseconds(state->since_loss)},
                      {"sent", minute.sent},
                      {"lost", minute.lost},
                      {"unsent", minute.unsent},
                      {"mean_delay_us", mean_delay_us(minute)},
                      {"path_mtu", path_mtu_of(state->path_mtu)}});
}

std::string text(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n'; }

std::string states_line(const Json& states) { return text({{"event", "states"}, {"states", states}}); }

}  // namespace

void ReportWriter::ready() { write_line(text({{"event", "ready"}})); }

void ReportWriter::refuse(const std::string& reason) {
    if (is_free()) write_line(text({{"event", "refused"}, {"reason", reason}}));
}

void ReportWriter::tell_changed(Prober& prober, Nanoseconds now) {
    if (!prober.has_changed() || now < next_line_) return;
    next_line_ = now + between_lines;
    if (!is_free()) return;
    Json states = Json::array();
    prober.tell_changed([&](ProbeTarget& target) {
        add_state(states, target, now);
        return states.size() < most_states;
    });
    write_line(states_line(states));
}

void ReportWriter::tell_part(Prober& prober, Nanoseconds now) {
    if (!is_free()) return;
    part_ = (part_ + 1) % parts;
    Json states = Json::array();
    std::string lines;
    prober.for_each([&](Prober::Number number, ProbeTarget& target) {
        if (number % parts != part_) return;
        add_state(states, target, now);
        if (states.size() < most_states) return;
        lines += states_line(states);
        states.clear();
    });
    write_line(lines + states_line(states));
}

/** Nothing of an earlier line is left. */
bool ReportWriter::is_free() {
    if (!unwritten_.empty()) write_line({});
    return unwritten_.empty();
}

void ReportWriter::write_line(std::string line) {
    unwritten_ += line;
    const ssize_t written = write(fd_, unwritten_.data(), unwritten_.size());
    if (written > 0) unwritten_.erase(0, static_cast<size_t>(written));
}

}  // namespace uxfrm
