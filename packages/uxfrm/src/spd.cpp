#include "spd.h"

#include <algorithm>
#include <cerrno>

namespace uxfrm {

PolicyTemplate::PolicyTemplate(const xfrm_user_tmpl& tmpl)
    : raw(tmpl),
      source(IpAddress::from_xfrm(tmpl.family, tmpl.saddr)),
      destination(IpAddress::from_xfrm(tmpl.family, tmpl.id.daddr)) {}

bool PolicyTemplate::satisfied_by(const SecurityAssociation& sa) const {
    return (raw.id.spi == 0 || raw.id.spi == sa.id.spi) && (raw.reqid == 0 || raw.reqid == sa.reqid) &&
           raw.mode == sa.mode && (destination.is_any() || destination == sa.id.destination) &&
           (source.is_any() || source == sa.source);
}

int Spd::insert(std::unique_ptr<Policy> policy, bool exclusive) {
    Policy* existing = find(policy->selector, policy->direction, policy->if_id);
    if (existing && exclusive) return EEXIST;
    if (!existing && size_ >= max_entries) return ENOMEM;
    policy->index = existing ? existing->index : choose_index(*policy);
    if (existing) {
        policy->waiting = std::move(existing->waiting);
        policy->acquire_sent = existing->acquire_sent;
        remove(existing);
    }
    List& list = lists_[{policy->if_id, policy->direction}];
    const auto behind = std::upper_bound(list.begin(), list.end(), policy->priority,
                                         [](uint32_t priority, const auto& other) { return priority < other->priority; });
    list.insert(behind, std::move(policy));
    ++size_;
    ++generation_;
    return 0;
}

/** xfrm_gen_index: the index that was asked for, unless another policy has it. */
uint32_t Spd::choose_index(const Policy& policy) {
    const auto taken = [&](uint32_t index) {
        return std::any_of(lists_.begin(), lists_.end(), [&](const auto& list) {
            return std::any_of(list.second.begin(), list.second.end(), [&](const auto& other) { return other->index == index; });
        });
    };
    uint32_t index = policy.index;
    indices_asked_for_ = indices_asked_for_ || index != 0;
    while (index == 0 || (indices_asked_for_ && taken(index))) index = ++next_index_ << 3 | policy.direction;
    return index;
}

Policy* Spd::find(const Selector& selector, uint8_t direction, uint32_t if_id) {
    const auto list = lists_.find({if_id, direction});
    if (list == lists_.end()) return nullptr;
    for (auto& policy : list->second)
        if (policy->selector == selector) return policy.get();
    return nullptr;
}

Policy* Spd::find_by_index(uint32_t index, uint8_t direction, uint32_t if_id) {
    const auto list = lists_.find({if_id, direction});
    if (list == lists_.end()) return nullptr;
    for (auto& policy : list->second)
        if (policy->index == index) return policy.get();
    return nullptr;
}

bool Spd::remove(const Policy* policy) {
    const auto list = lists_.find({policy->if_id, policy->direction});
    if (list == lists_.end()) return false;
    const auto found = std::find_if(list->second.begin(), list->second.end(),
                                    [policy](const auto& candidate) { return candidate.get() == policy; });
    if (found == list->second.end()) return false;
    list->second.erase(found);
    if (list->second.empty()) lists_.erase(list);
    --size_;
    return true;
}

void Spd::clear() {
    lists_.clear();
    size_ = 0;
}

size_t Spd::count(uint8_t direction) const {
    size_t count = 0;
    for (const auto& list : lists_) count += list.first.second == direction ? list.second.size() : 0;
    return count;
}

Policy* Spd::lookup(uint32_t if_id, uint8_t direction, const InnerPacket& packet) {
    const auto list = lists_.find({if_id, direction});
    if (list == lists_.end()) return nullptr;
    for (auto& policy : list->second)
        if (policy->selector.matches(packet)) return policy.get();
    return nullptr;
}

}  // namespace uxfrm
