#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace uxfrm {

/** Why a packet was dropped; named after the kernel's /proc/net/xfrm_stat (net/xfrm/xfrm_proc.c); Uxfrm… are our own. */
enum class Drop {
    in_buffer_error,
    in_header_error,
    in_no_states,
    in_state_protocol_error,
    in_state_mode_error,
    in_state_sequence_error,
    in_state_expired,
    in_state_direction_error,
    in_state_mismatch,
    in_template_mismatch,
    in_no_policies,
    in_policy_block,
    out_error,
    out_no_states,
    out_state_protocol_error,
    out_state_sequence_error,
    out_state_expired,
    out_state_direction_error,
    out_policy_block,
    out_policy_error,
    acquire_error,
    out_too_big,
    count,
};

inline constexpr std::array<const char*, static_cast<size_t>(Drop::count)> drop_names = {
    "XfrmInBufferError",     "XfrmInHdrError",       "XfrmInNoStates",         "XfrmInStateProtoError",
    "XfrmInStateModeError",  "XfrmInStateSeqError",  "XfrmInStateExpired",     "XfrmInStateDirError",
    "XfrmInStateMismatch",   "XfrmInTmplMismatch",   "XfrmInNoPols",           "XfrmInPolBlock",
    "XfrmOutError",          "XfrmOutNoStates",      "XfrmOutStateProtoError", "XfrmOutStateSeqError",
    "XfrmOutStateExpired",   "XfrmOutStateDirError", "XfrmOutPolBlock",        "XfrmOutPolError",
    "XfrmAcquireError",      "UxfrmOutTooBig",
};

/** Any thread may count. */
class DropCounters {
public:
    void add(Drop reason, uint64_t packets = 1) { counts_[static_cast<size_t>(reason)].fetch_add(packets, std::memory_order_relaxed); }
    uint64_t operator[](Drop reason) const { return counts_[static_cast<size_t>(reason)]; }

    template <typename Visitor>
    void for_each(Visitor visit) const {
        for (size_t i = 0; i < counts_.size(); ++i) visit(drop_names[i], counts_[i].load());
    }

private:
    std::array<std::atomic<uint64_t>, static_cast<size_t>(Drop::count)> counts_{};
};

}  // namespace uxfrm
