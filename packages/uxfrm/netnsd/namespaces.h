#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "home.h"
#include "ip_change.h"
#include "monitor.h"
#include "route_socket.h"

namespace netnsd {

/** One network namespace that was entered: sockets stay bound to it, and keep it alive. */
class Namespace {
public:
    /** @param fd where it leads. */
    Namespace(const Home& home, uxfrm::FileDescriptor fd);

    int fd() const { return fd_.get(); }
    /** True of what the path leads to now. */
    bool is(dev_t device, ino_t inode) const { return device == device_ && inode == inode_; }

    RouteSocket& route() { return *route_; }
    /** Null while nobody watches. */
    Monitor* monitor() { return monitor_.get(); }
    void watch(const Home& home);

private:
    uxfrm::FileDescriptor fd_;
    dev_t device_ = 0;
    ino_t inode_ = 0;
    std::unique_ptr<RouteSocket> route_;
    std::unique_ptr<Monitor> monitor_;
};

/** Named namespaces (ip-netns(8)), and this process's own, by name: nothing is the own one. */
class Namespaces : public NetnsLookup {
public:
    explicit Namespaces(const Home& home) : home_(home) {}

    /** Never one that had the name before. Throws RequestError. */
    std::shared_ptr<Namespace> enter(const std::optional<std::string>& name);
    /** As `ip netns add`: false where the name is taken. Throws RequestError. */
    bool add(const std::string& name);
    /** As `ip netns delete`: false where there is no such name. Throws RequestError. */
    bool remove(const std::string& name);
    /** Lets go of it, so that it can end. */
    void forget(const std::string& name) { known_.erase(name); }

    uxfrm::FileDescriptor open_namespace(const std::string& name) const override;

private:
    const Home& home_;
    std::shared_ptr<Namespace> own_;
    std::unordered_map<std::string, std::shared_ptr<Namespace>> known_;
};

/** Where ip-netns(8) keeps the names. */
constexpr const char* names_folder = "/run/netns";

}  // namespace netnsd
