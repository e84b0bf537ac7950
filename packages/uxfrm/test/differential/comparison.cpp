#include "comparison.h"

#include <algorithm>
#include <cstdio>
#include <iterator>

#include "message_text.h"

namespace uxfrm::differential {
namespace {

/** Requests shown before the one that differs. */
constexpr uint32_t shown_history = 12;

DifferenceLines difference_of(const std::vector<std::string>& kernel, const std::vector<std::string>& uxfrm) {
    std::vector<std::string> only;
    DifferenceLines lines;
    std::set_difference(kernel.begin(), kernel.end(), uxfrm.begin(), uxfrm.end(), std::back_inserter(only));
    for (const std::string& line : only) lines.push_back("- " + line);
    only.clear();
    std::set_difference(uxfrm.begin(), uxfrm.end(), kernel.begin(), kernel.end(), std::back_inserter(only));
    for (const std::string& line : only) lines.push_back("+ " + line);
    return lines;
}

bool is_error(const std::string& line) { return line.find(" ANSWER: error = ") == 1; }

/** Of two different errors, or of an error and a reply, the errors say it all. */
DifferenceLines essence_of(DifferenceLines lines) {
    if (std::any_of(lines.begin(), lines.end(), is_error))
        lines.erase(std::remove_if(lines.begin(), lines.end(), [](const std::string& line) { return !is_error(line); }), lines.end());
    return lines;
}

/** Whether one side took what the other refused. */
bool parted(const DifferenceLines& difference) {
    return std::any_of(difference.begin(), difference.end(), [](const std::string& line) {
        return line == "- ANSWER: error = 0" || line == "+ ANSWER: error = 0";
    });
}

}  // namespace

void Comparison::run(const Case& wanted) {
    empty_both();
    if (wanted.groups != 0) {
        kernel_.listen(wanted.groups);
        uxfrm_.listen(wanted.groups);
    }
    for (uint32_t number = 0; number < wanted.requests.size(); ++number)
        if (!step(wanted, number)) return;
    if (wanted.groups == 0) return;
    const auto events = kernel_.events(wanted.events);
    compare(wanted, static_cast<uint32_t>(wanted.requests.size()), "events of " + wanted.name, events, uxfrm_.events(wanted.events));
}

void Comparison::empty_both() {
    const Message sas = Message::of(XFRM_MSG_FLUSHSA, xfrm_usersa_flush{0});
    Message policies;
    policies.type = XFRM_MSG_FLUSHPOLICY;
    const Message thresholds = Message::of(XFRM_MSG_NEWSPDINFO, uint32_t{0})
                                   .with(XFRMA_SPD_IPV4_HTHRESH, xfrmu_spdhthresh{32, 32})
                                   .with(XFRMA_SPD_IPV6_HTHRESH, xfrmu_spdhthresh{128, 128});
    for (Implementation* side : {&kernel_, &uxfrm_}) {
        side->ask(thresholds, 0);
        side->ask(sas, 0);
        side->ask(policies, 0);
        side->forget_names();
    }
}

bool Comparison::step(const Case& wanted, uint32_t number) {
    const Message& request = wanted.requests[number];
    ++requests_;
    const Lines kernel = kernel_.ask(request, number);
    const Lines uxfrm = uxfrm_.ask(request, number);
    return kernel == uxfrm || compare(wanted, number, request_text(request.encode(number)), kernel, uxfrm);
}

bool Comparison::compare(const Case& wanted, uint32_t number, const std::string& request, const Lines& kernel, const Lines& uxfrm) {
    const DifferenceLines difference = essence_of(difference_of(kernel, uxfrm));
    const DifferenceLines unexplained = expected_.unexplained(wanted.name, request, difference);
    if (!unexplained.empty()) {
        ++unexpected_;
        report(wanted, number, unexplained);
    }
    return !parted(difference);
}

void Comparison::report(const Case& wanted, uint32_t number, const DifferenceLines& difference) const {
    std::printf("%s: unexpected difference at request %u\n", wanted.name.c_str(), number);
    const auto end = std::min<uint32_t>(number + 1, static_cast<uint32_t>(wanted.requests.size()));
    for (uint32_t i = number > shown_history ? number - shown_history : 0; i < end; ++i)
        std::printf("  #%u %s\n", i, request_text(wanted.requests[i].encode(i)).c_str());
    for (const std::string& line : difference) std::printf("    %s\n", line.c_str());
}

}  // namespace uxfrm::differential
