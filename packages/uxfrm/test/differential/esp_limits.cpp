#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>

#include "esp_checks.h"

namespace uxfrm::differential {
namespace {

xfrm_replay_state_esn& replay_state(Message& sa) {
    for (auto& [type, value] : sa.attributes)
        if (type == XFRMA_REPLAY_ESN_VAL) return *reinterpret_cast<xfrm_replay_state_esn*>(value.data());
    throw std::runtime_error("an SA without XFRMA_REPLAY_ESN_VAL");
}

/** Sends the next packet of `form`'s SA with this sequence number. */
void set_sequence(EspWorld& world, const TunnelForm& form, End& from, uint64_t sequence) {
    world.replace_sa(form, from, world.peer_of(from), [&](Message& sa, const End&, const End&) {
        replay_state(sa).oseq = static_cast<uint32_t>(sequence - 1);
        if (form.esn) replay_state(sa).oseq_hi = static_cast<uint32_t>((sequence - 1) >> 32);
    });
}

/** The sender goes back and forth around the receiver's window, whose top is `top` then. */
std::string replay_edges(EspWorld& world, const TunnelForm& form, End& from, uint64_t top) {
    world.make_tunnel(form, [&](Message& sa, const End& owner, const End& receiver) {
        const uint64_t last = top - 1;
        auto& state = replay_state(sa);
        (&owner == &receiver ? state.seq : state.oseq) = static_cast<uint32_t>(last);
        if (form.esn) (&owner == &receiver ? state.seq_hi : state.oseq_hi) = static_cast<uint32_t>(last >> 32);
    });
    const auto arrives = [&](uint64_t sequence) {
        set_sequence(world, form, from, sequence);
        return world.carries(from, 100);
    };
    const auto refused = [&](uint64_t sequence, const char* counter = "XfrmInStateSeqError") {
        set_sequence(world, form, from, sequence);
        return world.drops(from, counter);
    };
    // With ESN, what is older than the window is taken for the number 2^32 later, and the ICV says no (RFC 4303 appendix A2.2).
    const char* older = form.esn ? "XfrmInStateProtoError" : "XfrmInStateSeqError";
    if (!arrives(top)) return "the first packet";
    if (!refused(top)) return "a replay of the newest";
    if (form.window > 1 && !arrives(top - form.window + 1)) return "the oldest of the window";
    if (!refused(top - form.window + 1)) return "a replay of the oldest";
    if (!refused(top - form.window, older)) return "one older than the window";
    if (!arrives(top + 5)) return "a leap";
    if (!refused(top + 5)) return "a replay after a leap";
    if (form.window > 5 && !arrives(top + 1)) return "one that was leapt over";
    if (!arrives(top + 5 + form.window)) return "a leap of a whole window";
    return refused(top + 5, older) ? "" : "the one that the leap pushed out";
}

void add_replay_checks(std::vector<Check>& checks) {
    for (const uint32_t window : {1u, 32u, 33u, 64u, 1024u, 4096u}) {
        for (const bool esn : {false, true}) {
            TunnelForm form = plain_form();
            form.window = window;
            form.esn = esn;
            std::vector<uint64_t> tops = {10000, 0x80000000};
            if (esn) tops = {10000, (uint64_t{5} << 32) + 3, (uint64_t{1} << 32) + 2 * window};
            for (const uint64_t top : tops) {
                const std::string name = "replay window " + std::to_string(window) + (esn ? " with ESN" : "") + " around " + std::to_string(top);
                checks.push_back({name + " at uxfrm", [=](EspWorld& world) { return replay_edges(world, form, world.kernel(), top); }});
                checks.push_back({name + " at the kernel", [=](EspWorld& world) { return replay_edges(world, form, world.uxfrm(), top); }});
            }
        }
    }
}

/** Events of a sender or receiver that is told to stop after `hard` packets: "soft after 3, hard after 5". */
std::string expiry_of(EspWorld& world, End& limited, bool sender) {
    constexpr uint64_t soft = 3;
    constexpr uint64_t hard = 5;
    const TunnelForm form = plain_form();
    const End& receiver = sender ? world.peer_of(limited) : limited;
    End& from = sender ? limited : world.peer_of(limited);
    world.make_tunnel(form, [&](Message& sa, const End& owner, const End& at) {
        if (&owner != &limited || &at != &receiver) return;
        auto& info = sa.as<xfrm_usersa_info>();
        info.lft.soft_packet_limit = soft;
        info.lft.hard_packet_limit = hard;
    });
    limited.enter();
    limited.xfrm->listen(1u << (XFRMNLGRP_EXPIRE - 1));
    for (uint64_t i = 0; i < hard; ++i)
        if (!world.carries(from, 100)) return "packet " + std::to_string(i + 1) + " did not arrive";
    world.send(from, 100);
    std::string told;
    for (const std::string& line : limited.xfrm->events(2)) {
        const auto at = line.find("): ");
        if (line.find("usage") != std::string::npos || line.find("hard = ") != std::string::npos) told += line.substr(at + 3) + "; ";
    }
    return told;
}

void add_lifetime_checks(std::vector<Check>& checks) {
    for (const bool sender : {true, false}) {
        checks.push_back({std::string("packet lifetimes of a ") + (sender ? "sender" : "receiver"), [=](EspWorld& world) {
                              const std::string kernel = expiry_of(world, world.kernel(), sender);
                              const std::string uxfrm = expiry_of(world, world.uxfrm(), sender);
                              const bool both = kernel.find("hard = 0") != std::string::npos && kernel.find("hard = 1") != std::string::npos;
                              return kernel == uxfrm && both ? "" : "kernel: " + kernel + " uxfrm: " + uxfrm;
                          }});
    }
}

/** What GETSA says of an SA after the same traffic at both ends. */
std::string usage_of(const End& end, const End& receiver) {
    for (const std::string& line : end.xfrm->ask(of_sa(XFRM_MSG_GETSA, htonl(receiver.spi_in), receiver.outer_v4), 1)) {
        const auto at = line.find("usage = ");
        if (at != std::string::npos) return line.substr(at);
    }
    return "no usage";
}

std::string usage_agrees(EspWorld& world) {
    world.make_tunnel(plain_form());
    for (const size_t size : {1u, 100u, 1000u})
        for (const End& from : world.ends())
            if (!world.carries(from, size)) return "a packet did not arrive";
    const std::string kernel_sent = usage_of(world.kernel(), world.uxfrm());
    const std::string uxfrm_sent = usage_of(world.uxfrm(), world.kernel());
    const std::string kernel_received = usage_of(world.kernel(), world.kernel());
    const std::string uxfrm_received = usage_of(world.uxfrm(), world.uxfrm());
    const bool agree = kernel_sent == uxfrm_sent && kernel_received == uxfrm_received && kernel_sent.find("packets 3") != std::string::npos;
    return agree ? "" : "sent: " + kernel_sent + ", " + uxfrm_sent + "; received: " + kernel_received + ", " + uxfrm_received;
}

/** The SA expects another source port than the packets have. */
std::string mapping_of(EspWorld& world, End& at) {
    const TunnelForm form = plain_form();
    world.make_tunnel(form, [&](Message& sa, const End& owner, const End& receiver) {
        if (&owner != &at || &receiver != &at) return;
        for (auto& [type, value] : sa.attributes)
            if (type == XFRMA_ENCAP) reinterpret_cast<xfrm_encap_tmpl*>(value.data())->encap_sport = htons(5001);
    });
    at.enter();
    at.xfrm->listen(1u << (XFRMNLGRP_MAPPING - 1));
    const End& from = world.peer_of(at);
    if (!world.carries(from, 100)) return "the packet did not arrive";
    std::string told;
    for (const std::string& line : at.xfrm->events(1)) told += line + "; ";
    const bool right = told.find("old = " + from.outer_v4 + " 5001") != std::string::npos && told.find("new = " + from.outer_v4 + " 4500") != std::string::npos;
    return right ? "" : "told: " + told;
}

std::string fragments(EspWorld& world, End& from) {
    for (const End& end : world.ends()) world.run(end, "link set wan mtu 1300\nlink set ipsec0 mtu 1280\n");
    from.enter();
    const int any = IP_PMTUDISC_DONT;
    must(setsockopt(from.sockets[0].get(), IPPROTO_IP, IP_MTU_DISCOVER, &any, sizeof(any)) == 0, "IP_MTU_DISCOVER");
    world.make_tunnel(plain_form());
    const uint64_t before = world.fragments_made(from);
    const bool arrived = world.carries(from, 1280 - 28);
    const uint64_t made = world.fragments_made(from) - before;
    for (const End& end : world.ends()) world.run(end, "link set wan mtu 1500\nlink set ipsec0 mtu 1380\n");
    if (!arrived) return "the packet did not arrive";
    return made == 2 ? "" : std::to_string(made) + " fragments";
}

/** Another key at the receiver only: the counter says that the packets came, and nothing comes out. */
std::string wrong_key(EspWorld& world, TunnelForm form, End& at) {
    const auto right = form.algorithms;
    world.make_tunnel(form, [&](Message& sa, const End& owner, const End& receiver) {
        if (&owner != &at || &receiver != &at) return;
        for (auto& [type, value] : sa.attributes)
            if (type == XFRMA_ALG_AEAD || type == XFRMA_ALG_AUTH_TRUNC) value.back() ^= 1;
    });
    const End& from = world.peer_of(at);
    if (!world.drops(from, "XfrmInStateProtoError")) return "a packet with another key";
    if (!world.carries(at, 100)) return "the way back has the right key";
    return "";
}

void add_for_both(std::vector<Check>& checks, const std::string& name, const std::function<std::string(EspWorld&, End&)>& run) {
    checks.push_back({name + " at uxfrm", [=](EspWorld& world) { return run(world, world.uxfrm()); }});
    checks.push_back({name + " at the kernel", [=](EspWorld& world) { return run(world, world.kernel()); }});
}

}  // namespace

std::vector<Check> limit_checks() {
    std::vector<Check> checks;
    add_replay_checks(checks);
    add_lifetime_checks(checks);
    checks.push_back({"bytes and packets that an SA has carried", usage_agrees});
    add_for_both(checks, "another port of a NAT seen", mapping_of);
    add_for_both(checks, "outer fragments made", fragments);
    add_for_both(checks, "wrong key of an AEAD", [](EspWorld& world, End& at) { return wrong_key(world, plain_form(), at); });
    TunnelForm cbc = plain_form();
    cbc.algorithms = [](const Message& sa) { return with_truncated_integrity(with_cipher(sa, {"cbc(aes)", 128}), {"hmac(sha256)", 256, 128}); };
    add_for_both(checks, "wrong key of an HMAC", [cbc](EspWorld& world, End& at) { return wrong_key(world, cbc, at); });
    add_for_both(checks, "an unknown SPI", [](EspWorld& world, End& at) {
        const TunnelForm form = plain_form();
        world.make_tunnel(form);
        const Message gone = of_sa(XFRM_MSG_DELSA, htonl(at.spi_in), at.outer_v4);
        at.xfrm->ask(gone, 1);
        return world.drops(world.peer_of(at), "XfrmInNoStates") ? std::string() : std::string("a packet without SA");
    });
    return checks;
}

}  // namespace uxfrm::differential
