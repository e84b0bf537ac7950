#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "security_association.h"

namespace uxfrm {

/** The security association database, RFC 4301 section 4.4.2. */
class Sad {
public:
    static constexpr size_t max_entries = 65536;

    SecurityAssociation* find(const SaId& id);

    /** Replaces an SA of the same id. False when the database is full. */
    bool insert(std::unique_ptr<SecurityAssociation> sa);
    bool remove(const SaId& id);
    void clear();

    /** The newest valid SA with these properties; how a template without SPI finds one (xfrm_state_find). */
    SecurityAssociation* find_by_reqid(uint32_t reqid, uint32_t if_id, const IpAddress& destination);

    /** Removes what `doomed` says; calls `removed` for each before it goes. */
    template <typename Predicate, typename Visitor>
    void remove_if(Predicate doomed, Visitor removed) {
        for (auto it = entries_.begin(); it != entries_.end();) {
            if (!doomed(*it->second)) {
                ++it;
                continue;
            }
            const std::unique_ptr<SecurityAssociation> sa = std::move(it->second);
            it = entries_.erase(it);
            ++generation_;
            removed(*sa);
        }
    }

    template <typename Visitor>
    void for_each(Visitor visit) {
        for (auto& entry : entries_) visit(*entry.second);
    }

    size_t size() const { return entries_.size(); }

    /** Changes whenever a pointer handed out earlier may have become stale. */
    uint64_t generation() const { return generation_; }

private:
    std::unordered_map<SaId, std::unique_ptr<SecurityAssociation>, SaIdHash> entries_;
    uint64_t generation_ = 1;
};

}  // namespace uxfrm
