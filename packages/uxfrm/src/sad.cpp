#include "sad.h"

#include <cstdio>

#include "bytes.h"

namespace uxfrm {

std::string spi_text(uint32_t spi) {
    char text[9];
    std::snprintf(text, sizeof(text), "%08x", load_be32(reinterpret_cast<const uint8_t*>(&spi)));
    return text;
}

SecurityAssociation* Sad::find(const SaId& id) {
    const auto found = entries_.find(id);
    return found == entries_.end() ? nullptr : found->second.get();
}

bool Sad::insert(std::unique_ptr<SecurityAssociation> sa) {
    if (entries_.size() >= max_entries && !find(sa->id)) return false;
    const SaId id = sa->id;
    entries_[id] = std::move(sa);
    ++generation_;
    return true;
}

bool Sad::remove(const SaId& id) {
    if (entries_.erase(id) == 0) return false;
    ++generation_;
    return true;
}

void Sad::clear() {
    entries_.clear();
    ++generation_;
}

SecurityAssociation* Sad::find_by_reqid(uint32_t reqid, uint32_t if_id, const IpAddress& destination) {
    SecurityAssociation* best = nullptr;
    for (auto& entry : entries_) {
        SecurityAssociation& sa = *entry.second;
        if (sa.state != SaState::valid || sa.reqid != reqid || sa.if_id != if_id || sa.id.destination != destination)
            continue;
        if (!best || sa.usage.add_time > best->usage.add_time) best = &sa;
    }
    return best;
}

}  // namespace uxfrm
