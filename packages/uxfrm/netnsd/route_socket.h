#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "file_descriptor.h"
#include "route_message.h"

namespace netnsd {

/** rtnetlink(7) in the namespace that it was opened in. */
class RouteSocket {
public:
    /** Opened in the namespace that the calling thread is in. */
    RouteSocket();

    uint32_t port_id() const { return port_id_; }

    /** Asks for a change; nothing when it is done, otherwise what the kernel said. */
    std::optional<std::string> change(RouteRequest& request);

    /** The one thing that is asked for; nothing when there is no such device. Throws RequestError with what else the kernel said. */
    std::optional<KeptMessage> get(RouteRequest& request);

    /**
     * Everything the kernel answers, message by message; `take` makes no requests. False when something changed meanwhile, so that the
     * answer fits no moment. Throws RequestError with what the kernel said.
     */
    bool dump(RouteRequest& request, const std::function<void(const RouteMessage&)>& take);

private:
    void send(RouteRequest& request, uint16_t more_flags);
    ByteView receive();

    uxfrm::FileDescriptor fd_;
    uint32_t port_id_ = 0;
    uint32_t sequence_ = 0;
};

}  // namespace netnsd
