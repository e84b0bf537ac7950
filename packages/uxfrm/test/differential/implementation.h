#pragma once

#include <string>
#include <vector>

#include "file_descriptor.h"
#include "message.h"
#include "names.h"

namespace uxfrm::differential {

/** One implementation of XFRM netlink: the kernel's, or a running uxfrm's. */
class Implementation {
public:
    static Implementation kernel();
    /** Waits until the daemon of this network namespace listens. */
    static Implementation uxfrm();

    /** Sends request `number`; the sorted lines of everything it was answered with. */
    std::vector<std::string> ask(const Message& request, uint32_t number);

    /** Joins these multicast groups (bits); events of earlier ones are forgotten. */
    void listen(uint32_t groups);
    /** The sorted lines of the next `count` events, or of fewer when they do not come within ten seconds. */
    std::vector<std::string> events(size_t count);

    void forget_names() { names_.forget(); }

private:
    Implementation(bool is_kernel, FileDescriptor socket) : is_kernel_(is_kernel), socket_(std::move(socket)) {}

    void send(int socket, const Bytes& bytes) const;
    /** Appends the messages of one datagram; false when nothing came for a while. */
    bool receive(int socket, std::vector<Bytes>& messages) const;
    /** Messages up to one of `sequence` and one of the types. */
    void receive_until(uint32_t sequence, const std::vector<uint16_t>& types, std::vector<Bytes>& messages) const;
    void learn_names(const Message& request, uint32_t number, const std::vector<Bytes>& replies);
    std::vector<std::string> lines_of(const std::vector<Bytes>& messages, uint32_t sequence) const;

    bool is_kernel_;
    FileDescriptor socket_;
    FileDescriptor events_;
    Names names_;
};

}  // namespace uxfrm::differential
