#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "daemon_process.h"
#include "file_descriptor.h"
#include "implementation.h"
#include "requests.h"

namespace uxfrm::differential {

/** How a pair of SAs is to be, the same on both ends. */
struct TunnelForm {
    std::string name;
    /** Adds the algorithms to a request. */
    std::function<Message(const Message&)> algorithms;
    bool udp = true;
    bool esn = false;
    bool outer_ipv6 = false;
    uint32_t window = 64;
};

/** One end of the tunnel: a network namespace, who does ESP there, and the sockets of the inner addresses. */
struct End {
    FileDescriptor network;
    std::unique_ptr<Implementation> xfrm;
    /** Inner UDP sockets for IPv4 and IPv6, on port 7000. */
    std::array<FileDescriptor, 2> sockets;
    std::string outer_v4, outer_v6, inner_v4, inner_v6;
    uint32_t spi_in = 0;

    const std::string& outer(bool ipv6) const { return ipv6 ? outer_v6 : outer_v4; }
    void enter() const;
};

/**
 * Two network namespaces joined by a veth pair: in one the kernel does ESP with an xfrm interface, in the other uxfrm with
 * a TUN device. Both with if_id 17.
 */
class EspWorld {
public:
    explicit EspWorld(const std::string& uxfrm);

    End& kernel() { return ends_[0]; }
    End& uxfrm() { return ends_[1]; }
    End& peer_of(const End& end) { return &end == &ends_[0] ? ends_[1] : ends_[0]; }
    std::array<End, 2>& ends() { return ends_; }

    /** Empties both ends and makes a tunnel. `change` sees the NEWSA of each SA, told the end that has it and the one that receives. */
    using Change = std::function<void(Message& sa, const End& owner, const End& receiver)>;
    void make_tunnel(const TunnelForm& form, const Change& change = {});
    /** Takes one SA away and makes it anew: how a sender goes to another sequence number. */
    void replace_sa(const TunnelForm& form, End& owner, const End& receiver, const Change& change);

    /** Sends one inner packet of `size` bytes of payload. */
    void send(const End& from, size_t size, bool inner_ipv6 = false);
    /** Whether just that payload comes out at the other end. */
    bool arrives(const End& at, size_t size, bool inner_ipv6 = false);
    bool carries(const End& from, size_t size, bool inner_ipv6 = false);
    /** True when a packet was counted by this counter of xfrm_stat at the receiver, and nothing came out. */
    bool drops(const End& from, const std::string& counter, size_t size = 100);

    /** A counter of /proc/net/xfrm_stat, or uxfrm's of the same name. */
    uint64_t counter(const End& end, const std::string& name);
    /** IPv4 fragments that the namespace has made so far. */
    uint64_t fragments_made(const End& end);
    void run(const End& end, const std::string& commands);

private:
    void connect_ends();
    void open_sockets(End& end);
    void install_policies(const End& end, bool outer_ipv6);
    Message sa_request(const TunnelForm& form, const End& owner, const End& receiver, const Change& change);

    std::array<End, 2> ends_;
    std::unique_ptr<DaemonProcess> daemon_;
    /** Makes the kernel take ESP out of UDP. */
    std::vector<FileDescriptor> encapsulation_sockets_;
};

/** Throws with `what` where something was refused. */
void must(bool ok, const std::string& what);

}  // namespace uxfrm::differential
