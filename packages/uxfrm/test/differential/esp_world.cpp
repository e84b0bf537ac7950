#include "esp_world.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace uxfrm::differential {
namespace {

constexpr uint32_t if_id = 17;
constexpr uint16_t inner_port = 7000;
constexpr int patience_milliseconds = 10000;

FileDescriptor new_network() {
    must(unshare(CLONE_NEWNET) == 0, "no network namespace: root is needed");
    FileDescriptor network(open("/proc/thread-self/ns/net", O_RDONLY));
    must(static_cast<bool>(network), "no network namespace");
    return network;
}

/** An address of either family. */
struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t length = 0;

    SocketAddress(const std::string& text, uint16_t port) {
        auto* v4 = reinterpret_cast<sockaddr_in*>(&storage);
        auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
        const bool ipv6 = text.find(':') != std::string::npos;
        length = ipv6 ? sizeof(*v6) : sizeof(*v4);
        storage.ss_family = ipv6 ? AF_INET6 : AF_INET;
        v4->sin_port = htons(port);  // in the same place for both
        if (ipv6)
            inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr);
        else
            inet_pton(AF_INET, text.c_str(), &v4->sin_addr);
    }
    const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

FileDescriptor udp_socket(const std::string& address, uint16_t port) {
    const SocketAddress at(address, port);
    FileDescriptor socket(::socket(at.storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    must(bind(socket.get(), at.get(), at.length) == 0, "bind " + address);
    return socket;
}

Bytes pattern(size_t size) {
    Bytes bytes(size);
    for (size_t i = 0; i < size; ++i) bytes[i] = static_cast<uint8_t>(i * 31 + size);
    return bytes;
}

std::string error_of(const std::vector<std::string>& answer) {
    for (const std::string& line : answer)
        if (line.find("ANSWER: error = ") == 0) return line.substr(16);
    return "no answer";
}

void request(const End& end, const Message& message, const std::string& what) {
    const std::string error = error_of(end.xfrm->ask(message, 1));
    must(error == "0", what + ": " + error);
}

}  // namespace

void must(bool ok, const std::string& what) {
    if (!ok) throw std::runtime_error(what);
}

void End::enter() const { must(setns(network.get(), CLONE_NEWNET) == 0, "setns"); }

EspWorld::EspWorld(const std::string& uxfrm) {
    ends_[0].network = new_network();
    ends_[1].network = new_network();
    ends_[0].outer_v4 = "192.0.2.1", ends_[0].outer_v6 = "2001:db8::1", ends_[0].inner_v4 = "10.1.0.1", ends_[0].inner_v6 = "fd01::1";
    ends_[1].outer_v4 = "192.0.2.2", ends_[1].outer_v6 = "2001:db8::2", ends_[1].inner_v4 = "10.2.0.1", ends_[1].inner_v6 = "fd02::1";
    ends_[0].spi_in = 0xc0000001, ends_[1].spi_in = 0xc0000002;
    connect_ends();
    kernel().enter();
    kernel().xfrm = std::make_unique<Implementation>(Implementation::kernel());
    for (const std::string& address : {kernel().outer_v4, kernel().outer_v6}) {
        FileDescriptor& socket = encapsulation_sockets_.emplace_back(udp_socket(address, 4500));
        const int type = UDP_ENCAP_ESPINUDP;
        must(setsockopt(socket.get(), IPPROTO_UDP, UDP_ENCAP, &type, sizeof(type)) == 0, "UDP_ENCAP");
    }
    this->uxfrm().enter();
    daemon_ = std::make_unique<DaemonProcess>(uxfrm);
    this->uxfrm().xfrm = std::make_unique<Implementation>(Implementation::uxfrm());
    daemon_->control({{"command", "tun-add"}, {"name", "ipsec0"}, {"if_id", if_id}, {"mtu", 1380}});
    for (End& end : ends_) open_sockets(end);
}

void EspWorld::connect_ends() {
    const std::string other = "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(uxfrm().network.get());
    run(kernel(), "link add wan type veth peer name wan netns " + other + "\nlink add ipsec0 type xfrm dev wan if_id 17\n");
    for (const End& end : ends_)
        run(end, "link set lo up\naddress add " + end.outer_v4 + "/24 dev wan\naddress add " + end.outer_v6 + "/64 dev wan nodad\nlink set wan up\n");
}

void EspWorld::open_sockets(End& end) {
    const End& peer = peer_of(end);
    run(end, "link set ipsec0 mtu 1380 up\naddress add " + end.inner_v4 + "/32 dev ipsec0\naddress add " + end.inner_v6 +
                 "/128 dev ipsec0 nodad\nroute add " + peer.inner_v4 + "/32 dev ipsec0 src " + end.inner_v4 + "\nroute add " + peer.inner_v6 +
                 "/128 dev ipsec0 src " + end.inner_v6 + "\n");
    end.enter();
    end.sockets = {udp_socket(end.inner_v4, inner_port), udp_socket(end.inner_v6, inner_port)};
}

void EspWorld::run(const End& end, const std::string& commands) {
    end.enter();
    FILE* ip = popen("ip -batch -", "w");
    must(ip != nullptr, "ip");
    std::fputs(commands.c_str(), ip);
    must(pclose(ip) == 0, "ip -batch: " + commands);
}

Message EspWorld::sa_request(const TunnelForm& form, const End& owner, const End& receiver, const Change& change) {
    const End& sender = peer_of(receiver);
    Message sa = new_sa(htonl(receiver.spi_in), sender.outer(form.outer_ipv6), receiver.outer(form.outer_ipv6));
    sa = with_esn_window(form.algorithms(sa), form.window, (form.window + 31) / 32, form.esn).with(XFRMA_IF_ID, if_id);
    if (form.udp) sa = with_udp(sa);
    if (change) change(sa, owner, receiver);
    return sa;
}

void EspWorld::make_tunnel(const TunnelForm& form, const Change& change) {
    for (End& end : ends_) {
        request(end, flush_sas(0), "flush");
        request(end, flush_policies(), "flush");
        install_policies(end, form.outer_ipv6);
        for (const End& receiver : ends_) request(end, sa_request(form, end, receiver, change), form.name);
    }
    // What the test before it left.
    for (const End& end : ends_)
        for (const FileDescriptor& socket : end.sockets)
            while (recv(socket.get(), nullptr, 0, MSG_DONTWAIT) >= 0) {}
}

void EspWorld::replace_sa(const TunnelForm& form, End& owner, const End& receiver, const Change& change) {
    request(owner, of_sa(XFRM_MSG_DELSA, htonl(receiver.spi_in), receiver.outer(form.outer_ipv6)), "DELSA");
    request(owner, sa_request(form, owner, receiver, change), form.name);
}

void EspWorld::install_policies(const End& end, bool outer_ipv6) {
    const End& peer = peer_of(end);
    const auto add = [&](uint8_t direction, const End& from, const End& to) {
        const xfrm_user_tmpl tunnel = esp_tunnel(from.outer(outer_ipv6), to.outer(outer_ipv6));
        for (const Message& policy : {new_policy(direction, from.inner_v4, 32, to.inner_v4, 32), new_policy(direction, from.inner_v6, 128, to.inner_v6, 128)})
            request(end, policy.with(XFRMA_TMPL, tunnel).with(XFRMA_IF_ID, if_id), "policy");
    };
    add(XFRM_POLICY_OUT, end, peer);
    add(XFRM_POLICY_IN, peer, end);
}

void EspWorld::send(const End& from, size_t size, bool inner_ipv6) {
    const End& to = peer_of(from);
    const SocketAddress destination(inner_ipv6 ? to.inner_v6 : to.inner_v4, inner_port);
    const Bytes payload = pattern(size);
    // An SA that has come to its end, or a path that is too narrow, is an error of send(): what counts is what arrives.
    if (sendto(from.sockets[inner_ipv6].get(), payload.data(), payload.size(), 0, destination.get(), destination.length) < 0 && errno == EBADF)
        throw std::runtime_error("send");
}

bool EspWorld::arrives(const End& at, size_t size, bool inner_ipv6) {
    const int socket = at.sockets[inner_ipv6].get();
    pollfd ready{socket, POLLIN, 0};
    Bytes payload(65536);
    if (poll(&ready, 1, patience_milliseconds) <= 0) return false;
    const ssize_t length = recv(socket, payload.data(), payload.size(), MSG_DONTWAIT);
    payload.resize(length < 0 ? 0 : static_cast<size_t>(length));
    return length >= 0 && payload == pattern(size);
}

bool EspWorld::carries(const End& from, size_t size, bool inner_ipv6) {
    send(from, size, inner_ipv6);
    return arrives(peer_of(from), size, inner_ipv6);
}

bool EspWorld::drops(const End& from, const std::string& name, size_t size) {
    const End& at = peer_of(from);
    const uint64_t before = counter(at, name);
    send(from, size);
    for (int waited = 0; counter(at, name) != before + 1; waited += 20) {
        if (waited > patience_milliseconds) return false;
        poll(nullptr, 0, 20);
    }
    return recv(at.sockets[0].get(), nullptr, 0, MSG_DONTWAIT) < 0;
}

uint64_t EspWorld::counter(const End& end, const std::string& name) {
    if (&end == &uxfrm()) return daemon_->control({{"command", "stats"}}).at("drops").value(name, uint64_t{0});
    end.enter();
    std::ifstream file("/proc/thread-self/net/xfrm_stat");
    std::string key;
    uint64_t value = 0;
    while (file >> key >> value)
        if (key == name) return value;
    throw std::runtime_error(name + ": no such counter");
}

uint64_t EspWorld::fragments_made(const End& end) {
    end.enter();
    std::ifstream file("/proc/thread-self/net/snmp");
    std::string names, values, name, value;
    std::getline(file, names);
    std::getline(file, values);
    std::istringstream name_list(names), value_list(values);
    while (name_list >> name && value_list >> value)
        if (name == "FragCreates") return std::stoull(value);
    throw std::runtime_error("FragCreates: no such counter");
}

}  // namespace uxfrm::differential
