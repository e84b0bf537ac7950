#pragma once

#include <seccomp.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace uxfrm {

inline scmp_arg_cmp equals(unsigned argument, uint64_t value) { return {argument, SCMP_CMP_EQ, value, 0}; }
inline scmp_arg_cmp masked(unsigned argument, uint64_t mask, uint64_t value) { return {argument, SCMP_CMP_MASKED_EQ, mask, value}; }

/** System calls that a process allows itself. Any other one ends it with SIGSYS, after a log line that names it. */
class SystemCallFilter {
public:
    /** What every program of ours does with its memory, and what its sanitizers do in a test build. Throws system_error. */
    SystemCallFilter();
    ~SystemCallFilter();
    SystemCallFilter(const SystemCallFilter&) = delete;
    SystemCallFilter& operator=(const SystemCallFilter&) = delete;

    template <typename... Comparisons>
    void allow(int call, Comparisons... comparisons) {
        const std::array<scmp_arg_cmp, sizeof...(Comparisons)> wanted = {comparisons...};
        add_rule(call, wanted.data(), wanted.size());
    }

    /** For all threads that there are. */
    void load();

private:
    void add_rule(int call, const scmp_arg_cmp* comparisons, size_t count);

    scmp_filter_ctx context_;
};

}  // namespace uxfrm
