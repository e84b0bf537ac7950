#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "slow_calls.h"
#include "tun_device.h"

namespace uxfrm {

/** The TUN devices, one for each if_id. */
class TunTable {
public:
    static constexpr size_t max_devices = 4096;

    /** What went wrong, or empty. */
    using Removed = std::function<void(const std::string& error)>;

    /** Told after a device came and before it goes. */
    struct Observer {
        std::function<void(TunDevice&)> added;
        std::function<void(TunDevice&)> removed;
    };

    /** `workers` is how many threads write to the devices. */
    explicit TunTable(DropCounters& drops, SlowCalls& slow_calls, size_t workers = 1)
        : drops_(drops), slow_calls_(slow_calls), workers_(workers) {}

    void observe(Observer observer) { observer_ = std::move(observer); }

    /** Idempotent; throws std::invalid_argument naming the field that is wrong or in conflict. */
    void add(const std::string& name, uint32_t if_id, int max_mtu);

    /**
     * The device is out of the table at once; `removed` is called in a later turn, when the kernel has none of that name
     * any more. Until then add() refuses the name. A device that is not there is fine; throws as add().
     */
    void remove(const std::string& name, Removed removed);

    /** Forgets a device that somebody else deleted. */
    void forget(uint32_t if_id);

    TunDevice* find(uint32_t if_id) {
        const auto found = by_if_id_.find(if_id);
        return found == by_if_id_.end() ? nullptr : found->second.get();
    }

    template <typename Visitor>
    void for_each(Visitor visit) {
        for (auto& entry : by_if_id_) visit(*entry.second);
    }

private:
    TunDevice* find_name(const std::string& name);
    /** Out of the table; its caller decides in which thread it ends. */
    std::shared_ptr<TunDevice> take(TunDevice& device);
    SlowCalls::Call removal_of(const std::string& name);
    void removed(const std::string& name, const std::string& error);
    std::unique_ptr<TunDevice> open_device(const std::string& name, uint32_t if_id, int max_mtu);

    DropCounters& drops_;
    SlowCalls& slow_calls_;
    const size_t workers_;
    Observer observer_;
    std::unordered_map<uint32_t, std::unique_ptr<TunDevice>> by_if_id_;
    /** Names of devices that the kernel still removes, and who waits for it. */
    std::unordered_map<std::string, std::vector<Removed>> leaving_;
};

}  // namespace uxfrm
