#include "tun_table.h"

#include <stdexcept>
#include <system_error>

#include "log.h"

namespace uxfrm {

void TunTable::add(const std::string& name, uint32_t if_id, int max_mtu) {
    if (!valid_device_name(name)) throw std::invalid_argument("name: not an interface name");
    if (leaving_.count(name) != 0) throw std::invalid_argument("name: " + name + " is being removed");
    TunDevice* same_name = find_name(name);
    if (same_name && same_name->if_id() != if_id)
        throw std::invalid_argument("if_id: " + name + " has if_id " + std::to_string(same_name->if_id()));
    TunDevice* same_if_id = find(if_id);
    if (same_if_id && same_if_id != same_name)
        throw std::invalid_argument("name: if_id " + std::to_string(if_id) + " belongs to " + same_if_id->name());
    if (same_name) {
        same_name->set_max_mtu(max_mtu);
        return;
    }
    if (by_if_id_.size() >= max_devices) throw std::invalid_argument("name: too many devices");
    auto device = open_device(name, if_id, max_mtu);
    TunDevice& added = *device;
    by_if_id_[if_id] = std::move(device);
    log(LogLevel::info, "tun-added", {{"name", name}, {"if_id", if_id}});
    if (observer_.added) observer_.added(added);
}

void TunTable::remove(const std::string& name, Removed removed) {
    if (!valid_device_name(name)) throw std::invalid_argument("name: not an interface name");
    const auto [leaving, is_first] = leaving_.try_emplace(name);
    leaving->second.push_back(std::move(removed));
    if (is_first) slow_calls_.make(removal_of(name), [this, name](const std::string& error) { this->removed(name, error); });
}

SlowCalls::Call TunTable::removal_of(const std::string& name) {
    if (TunDevice* served = find_name(name)) {
        log(LogLevel::info, "tun-removed", {{"name", name}, {"if_id", served->if_id()}});
        return [device = take(*served)] { device->remove(); };
    }
    return [name] {
        if (!remove_persistent_tun(name)) throw std::invalid_argument("name: not a TUN device of ours");
    };
}

void TunTable::removed(const std::string& name, const std::string& error) {
    if (!error.empty()) log(LogLevel::error, "tun-not-removed", {{"name", name}, {"error", error}});
    const auto left = leaving_.extract(name);
    for (const Removed& waiting : left.mapped()) waiting(error);
}

void TunTable::forget(uint32_t if_id) {
    TunDevice* lost = find(if_id);
    if (!lost) return;
    log(LogLevel::error, "tun-lost", {{"name", lost->name()}, {"if_id", if_id}});
    slow_calls_.make([device = take(*lost)] { device->close(); }, [](const std::string&) {});
}

std::shared_ptr<TunDevice> TunTable::take(TunDevice& device) {
    if (observer_.removed) observer_.removed(device);
    auto taken = by_if_id_.extract(device.if_id());
    return std::move(taken.mapped());
}

std::unique_ptr<TunDevice> TunTable::open_device(const std::string& name, uint32_t if_id, int max_mtu) {
    try {
        return std::make_unique<TunDevice>(name, if_id, max_mtu, workers_, drops_);
    } catch (const std::system_error& error) {  // another kind of device, or held by another process
        throw std::invalid_argument(std::string("name: ") + error.what());
    }
}

TunDevice* TunTable::find_name(const std::string& name) {
    for (auto& entry : by_if_id_)
        if (entry.second->name() == name) return entry.second.get();
    return nullptr;
}

}  // namespace uxfrm
