#include "tun_table.h"

#include <stdexcept>
#include <system_error>

#include "log.h"

namespace uxfrm {

void TunTable::add(const std::string& name, uint32_t if_id, int max_mtu) {
    if (!valid_device_name(name)) throw std::invalid_argument("name: not an interface name");
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

void TunTable::remove(const std::string& name) {
    if (!valid_device_name(name)) throw std::invalid_argument("name: not an interface name");
    TunDevice* device = find_name(name);
    if (!device) {
        if (!remove_persistent_tun(name)) throw std::invalid_argument("name: not a TUN device of ours");
        return;
    }
    const uint32_t if_id = device->if_id();
    if (observer_.removed) observer_.removed(*device);
    device->remove();
    by_if_id_.erase(if_id);
    log(LogLevel::info, "tun-removed", {{"name", name}, {"if_id", if_id}});
}

void TunTable::forget(uint32_t if_id) {
    TunDevice* device = find(if_id);
    if (!device) return;
    log(LogLevel::error, "tun-lost", {{"name", device->name()}, {"if_id", if_id}});
    if (observer_.removed) observer_.removed(*device);
    by_if_id_.erase(if_id);
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
