#pragma once

#include "case.h"
#include "expected_differences.h"
#include "implementation.h"

namespace uxfrm::differential {

/** Runs cases on both sides, step by step, and counts and shows what nobody expects. */
class Comparison {
public:
    Comparison(Implementation& kernel, Implementation& uxfrm, ExpectedDifferences& expected)
        : kernel_(kernel), uxfrm_(uxfrm), expected_(expected) {}

    /** Ends early where the two have parted: one side took what the other refused. */
    void run(const Case& wanted);

    size_t requests() const { return requests_; }
    size_t unexpected() const { return unexpected_; }

private:
    using Lines = std::vector<std::string>;

    void empty_both();
    /** False when the rest of the case makes no sense any more. */
    bool step(const Case& wanted, uint32_t number);
    bool compare(const Case& wanted, uint32_t number, const std::string& request, const Lines& kernel, const Lines& uxfrm);
    void report(const Case& wanted, uint32_t number, const DifferenceLines& difference) const;

    Implementation& kernel_;
    Implementation& uxfrm_;
    ExpectedDifferences& expected_;
    size_t requests_ = 0;
    size_t unexpected_ = 0;
};

}  // namespace uxfrm::differential
