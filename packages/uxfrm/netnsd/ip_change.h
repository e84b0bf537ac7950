#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "route_socket.h"
#include "words.h"

namespace netnsd {

/** Where `netns X` leads: a descriptor of the namespace of this name, or of the process with this id. */
class NetnsLookup {
public:
    virtual ~NetnsLookup() = default;
    virtual uxfrm::FileDescriptor open_namespace(const std::string& name) const = 0;
};

/** Makes changes, each said as a line of ip(8), in one namespace; devices are looked up once as long as no device changes. */
class IpChanges {
public:
    IpChanges(RouteSocket& socket, const NetnsLookup& lookup) : socket_(socket), lookup_(lookup) {}

    /** Nothing when it is done, otherwise why not. */
    std::optional<std::string> make(const std::string& line);

private:
    std::optional<std::string> make_link(Words& words);
    std::optional<std::string> add_link(Words& words);
    std::optional<std::string> set_link(Words& words);
    std::optional<std::string> change_address(Words& words);
    std::optional<std::string> flush_addresses(int index);
    std::optional<std::string> change_rule(Words& words);
    std::optional<std::string> change_route(Words& words);
    std::optional<std::string> change_neighbour(Words& words);

    int index_of(const std::string& device);

    RouteSocket& socket_;
    const NetnsLookup& lookup_;
    std::unordered_map<std::string, int> indexes_;
};

}  // namespace netnsd
