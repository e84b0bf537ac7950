#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "echo_message.h"
#include "file_descriptor.h"
#include "nanoseconds.h"

namespace uxfrm {

/**
 * One raw ICMP socket for all targets of a network namespace. The kernel hands out replies that bear our mark and nothing
 * else, with the time at which they came. Needs CAP_NET_RAW to open, nothing afterwards.
 */
class IcmpSocket {
public:
    /** Throws system_error. */
    explicit IcmpSocket(const ProberMark& mark);
    ~IcmpSocket();

    int fd() const { return fd_.get(); }

    struct Outgoing {
        in_addr destination{};
        EchoRequest request{};
        /** Zeros behind it, bytes. */
        size_t padding = 0;
    };
    /**
     * None is fragmented here or on the way. Calls back with the index of each that the kernel did not take, and its errno: EMSGSIZE for one
     * that is larger than what the path is known to carry. Returns when all others had left.
     */
    Nanoseconds send(const std::vector<Outgoing>& requests, const std::function<void(size_t index, int error)>& not_sent);

    using Reader = std::function<void(const EchoReply& reply, Nanoseconds received)>;
    /**
     * Reads what has come, but no more than one turn can bear. Everything that came up to the returned moment has been read;
     * `now` is when the call began.
     */
    Nanoseconds receive(Nanoseconds now, const Reader& read);

private:
    struct Messages;

    const ProberMark mark_;
    const FileDescriptor fd_;
    const std::unique_ptr<Messages> messages_;
    /** When nothing was left to be read: what is read next did not come earlier. */
    Nanoseconds drained_ = 0;
};

}  // namespace uxfrm
