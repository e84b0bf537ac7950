#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "sad.h"
#include "selector.h"
#include "waiting_packets.h"

namespace uxfrm {

/** What a policy wants done: protection by an ESP tunnel SA. */
struct PolicyTemplate {
    xfrm_user_tmpl raw{};
    IpAddress source;
    IpAddress destination;

    explicit PolicyTemplate(const xfrm_user_tmpl& tmpl);

    bool is_esp_tunnel() const { return raw.id.proto == IPPROTO_ESP && raw.mode == XFRM_MODE_TUNNEL; }

    /** True when `sa` satisfies the template, as the kernel's xfrm_state_ok. */
    bool satisfied_by(const SecurityAssociation& sa) const;
};

/** With several workers: an outbound policy belongs to the worker of its if_id; of an inbound one, all may set the use time. */
struct Policy {
    Selector selector;
    uint8_t direction = 0;
    uint32_t if_id = 0;
    uint32_t priority = 0;
    uint32_t index = 0;
    uint8_t action = 0;
    uint8_t flags = 0;
    xfrm_lifetime_cfg limits{};
    std::vector<PolicyTemplate> templates;

    uint64_t session = 0;
    /** Monotonic seconds; the use time drives dead peer detection and inactivity in IKE. */
    uint64_t add_time = 0;
    std::atomic<uint64_t> use_time = 0;
    uint64_t acquire_sent = 0;
    /** Null before the first packet without SA. Goes with the policy, and over to the one that replaces it. */
    std::unique_ptr<WaitingPackets> waiting;

    /** The SA this policy resolved to, good while the SAD has the same generation. */
    SecurityAssociation* cached_sa = nullptr;
    uint64_t cached_generation = 0;

    void mark_used(uint64_t now) {
        if (use_time.load(std::memory_order_relaxed) != now) use_time.store(now, std::memory_order_relaxed);
    }

    /** The single ESP tunnel template this data plane can apply, or null. */
    const PolicyTemplate* tunnel() const {
        return templates.size() == 1 && templates.front().is_esp_tunnel() ? &templates.front() : nullptr;
    }
};

/** The security policy database, RFC 4301 section 4.4.1, keyed by if_id so that equal selectors can live side by side. */
class Spd {
public:
    static constexpr size_t max_entries = 65536;

    /** As xfrm_policy_insert: 0, EEXIST for an existing policy when `exclusive`, ENOMEM when full. */
    int insert(std::unique_ptr<Policy> policy, bool exclusive);
    Policy* find(const Selector& selector, uint8_t direction, uint32_t if_id);
    Policy* find_by_index(uint32_t index, uint8_t direction, uint32_t if_id);
    bool remove(const Policy* policy);
    void clear();

    /** The policy with the lowest priority value that matches the packet; the oldest among equals. */
    Policy* lookup(uint32_t if_id, uint8_t direction, const InnerPacket& packet);

    /** Removes the policies that `doomed` says; returns how many. */
    template <typename Predicate>
    size_t remove_if(Predicate doomed) {
        const size_t before = size_;
        for (auto it = lists_.begin(); it != lists_.end();) {
            List kept;
            for (auto& policy : it->second)
                if (!doomed(*policy)) kept.push_back(std::move(policy));
            size_ -= it->second.size() - kept.size();
            it->second = std::move(kept);
            it = it->second.empty() ? lists_.erase(it) : std::next(it);
        }
        return before - size_;
    }

    template <typename Visitor>
    void for_each(Visitor visit) {
        for (auto& list : lists_)
            for (auto& policy : list.second) visit(*policy);
    }

    size_t size() const { return size_; }
    size_t count(uint8_t direction) const;

    /** Changes with every policy that comes or is replaced. */
    uint64_t generation() const { return generation_; }

private:
    using Key = std::pair<uint32_t, uint8_t>;
    using List = std::vector<std::unique_ptr<Policy>>;

    uint32_t choose_index(const Policy& policy);

    std::map<Key, List> lists_;
    size_t size_ = 0;
    uint32_t next_index_ = 0;
    /** Only then can an index of ours be taken. IKE never asks for one. */
    bool indices_asked_for_ = false;
    uint64_t generation_ = 1;
};

}  // namespace uxfrm
