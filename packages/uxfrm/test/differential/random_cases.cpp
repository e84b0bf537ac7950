#include <arpa/inet.h>

#include <algorithm>
#include <ctime>
#include <random>

#include "case.h"
#include "requests.h"

namespace uxfrm::differential {
namespace {

constexpr uint32_t requests_in_a_case = 60;
/** One request in so many is broken on purpose. */
constexpr uint32_t breakage = 6;

/**
 * Chooses from few addresses, SPIs and if_ids, so that requests meet: what one installs, others find, change, add again and delete,
 * sometimes by a wrong name.
 */
class Chooser {
public:
    Chooser(uint64_t seed, uint32_t number) : random_(seed * 0x9e3779b97f4a7c15 + number) {}

    Case make(const std::string& name) {
        Case made{name, {}};
        while (made.requests.size() < requests_in_a_case) {
            Message request = choose(static_cast<uint32_t>(made.requests.size()));
            if (one_in(breakage)) spoil(request);
            made.add(std::move(request));
        }
        for (const Message& last : {dump_sas(), dump_policies(), sad_info(), spd_info()}) made.add(last);
        return made;
    }

private:
    uint32_t below(uint32_t limit) { return static_cast<uint32_t>(random_() % limit); }
    bool one_in(uint32_t times) { return below(times) == 0; }
    template <typename T>
    T any_of(std::initializer_list<T> values) {
        return values.begin()[below(static_cast<uint32_t>(values.size()))];
    }

    Message choose(uint32_t number) {
        const uint32_t kind = below(100);
        if (kind < 26) return sa();
        if (kind < 34) return sa().with_type(XFRM_MSG_UPDSA);
        if (kind < 40) return allocation(number);
        if (kind < 48) return of_sa(XFRM_MSG_GETSA, spi(), destination());
        if (kind < 53) return of_sa(XFRM_MSG_DELSA, spi(), destination());
        if (kind < 57) return replay();
        if (kind < 74) return policy();
        if (kind < 80) return policy().with_type(XFRM_MSG_UPDPOLICY);
        if (kind < 86) return of_policy(XFRM_MSG_GETPOLICY, policy());
        if (kind < 90) return of_policy(XFRM_MSG_DELPOLICY, policy());
        if (kind < 92) return indexed_policy(number);
        if (kind < 98) return any_of({dump_sas(), dump_policies(), sad_info(), spd_info()});
        return one_in(2) ? flush_sas(any_of<uint8_t>({0, 50, 51, 255})) : flush_policies();
    }

    std::string destination() { return destination_ = any_of<const char*>({"192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2"}); }
    std::string source() { return destination_.find(':') == std::string::npos ? "192.0.2.9" : "2001:db8::9"; }

    uint32_t spi() {
        if (!allocated_.empty() && one_in(2)) return named_spi(allocated_[below(static_cast<uint32_t>(allocated_.size()))]);
        return htonl(any_of<uint32_t>({256, 257, 0xc0000001, 0xffffffff}));
    }

    Message with_algorithm(const Message& sa) {
        const auto cipher = any_of<KeyedName>({{"cbc(aes)", 128}, {"cbc(aes)", 256}, {"aes", 192}, {"cbc(des3_ede)", 192}, {"ecb(cipher_null)", 0}});
        const auto integrity = any_of<KeyedName>({{"hmac(sha1)", 160, 96}, {"hmac(sha256)", 256, 128}, {"sha512", 512, 256}, {"hmac(md5)", 128, 96}});
        switch (below(6)) {
            case 0: return with_truncated_integrity(with_cipher(sa, cipher), integrity);
            case 1: return with_integrity(with_cipher(sa, cipher), integrity);
            case 2: return with_aead(sa, {"rfc7539esp(chacha20,poly1305)", 288, 128});
            default: return with_aead(sa, {"rfc4106(gcm(aes))", any_of({160u, 224u, 288u}), any_of({64u, 96u, 128u})});
        }
    }

    Message with_window(const Message& sa) {
        const uint32_t words = 1 + below(128);
        if (one_in(3)) return sa;
        return with_esn_window(sa, 1 + below(words * 32), words, one_in(2));
    }

    Message sa() {
        const std::string to = destination();
        Message made = new_sa(spi(), source(), to);
        auto& info = made.as<xfrm_usersa_info>();
        info.reqid = below(4);
        info.seq = one_in(4) ? below(3) : 0;
        info.flags = one_in(3) ? static_cast<uint8_t>(XFRM_STATE_NOECN | XFRM_STATE_NOPMTUDISC) : info.flags;
        if (one_in(4)) info.sel.family = info.family;
        if (one_in(4)) info.lft.soft_packet_limit = 1000 + below(1000);
        made = with_window(with_algorithm(made));
        if (one_in(2)) made = with_udp(made);
        if (one_in(2)) made = made.with(XFRMA_IF_ID, any_of<uint32_t>({0, 7, 8}));
        if (one_in(8)) made = made.with(XFRMA_LTIME_VAL, xfrm_lifetime_cur{below(100), below(100), static_cast<uint64_t>(time(nullptr)), 0});
        if (one_in(8)) made = made.with(XFRMA_REPLAY_VAL, xfrm_replay_state{below(100), 1 + below(100), 1});
        if (one_in(8)) made = made.with(XFRMA_SA_EXTRA_FLAGS, below(4));
        if (one_in(12)) made = made.with(XFRMA_MTIMER_THRESH, below(100));
        return made;
    }

    Message allocation(uint32_t number) {
        allocated_.push_back(number);
        Message request = allocate_spi(0xc0000000, 0xcfffffff, below(4));
        return one_in(2) ? request.with(XFRMA_IF_ID, any_of<uint32_t>({0, 7, 8})) : request;
    }

    Message replay() {
        const std::string to = destination();
        xfrm_aevent_id event{};
        event.sa_id = of_sa(XFRM_MSG_GETSA, spi(), to).as<xfrm_usersa_id>();
        event.flags = below(256);
        return Message::of(XFRM_MSG_GETAE, event);
    }

    Message policy() {
        const bool six = one_in(3);
        const auto bits = static_cast<uint8_t>(any_of({0, 8, 24, 32}));
        Message made = new_policy(static_cast<uint8_t>(below(3)), six ? "2001:db8:1::" : "10.0.0.0", bits, six ? "::" : "0.0.0.0", 0);
        auto& info = made.as<xfrm_userpolicy_info>();
        info.priority = below(5);
        info.action = one_in(8) ? XFRM_POLICY_BLOCK : XFRM_POLICY_ALLOW;
        if (one_in(10)) info.flags = static_cast<uint8_t>(below(4));
        if (one_in(10)) info.share = static_cast<uint8_t>(below(4));
        const std::string to = destination();
        xfrm_user_tmpl tunnel = esp_tunnel(source(), to);
        tunnel.reqid = below(4);
        if (one_in(3)) tunnel.id.spi = htonl(256 + below(2));
        if (!one_in(8)) made = made.with(XFRMA_TMPL, tunnel);
        return one_in(2) ? made : made.with(XFRMA_IF_ID, any_of<uint32_t>({0, 7, 8}));
    }

    /** Asks for a policy, or for one whose index an earlier question may have told. */
    Message indexed_policy(uint32_t number) {
        if (read_.empty() || one_in(3)) {
            read_.push_back(number);
            return of_policy(XFRM_MSG_GETPOLICY, policy());
        }
        const auto direction = static_cast<uint8_t>(below(3));
        const uint32_t index = named_index(read_[below(static_cast<uint32_t>(read_.size()))], direction);
        return of_policy_index(one_in(2) ? XFRM_MSG_GETPOLICY : XFRM_MSG_DELPOLICY, index, direction);
    }

    void spoil(Message& request) {
        switch (below(6)) {
            case 0: request.cut = 1 + below(64); break;
            case 1: request = request.with(static_cast<uint16_t>(34 + below(20)), Bytes(below(40), 1)); break;
            case 2:
                if (!request.attributes.empty()) request.attributes.erase(request.attributes.begin() + below(static_cast<uint32_t>(request.attributes.size())));
                break;
            case 3:
                if (!request.attributes.empty()) request.attributes.push_back(request.attributes[below(static_cast<uint32_t>(request.attributes.size()))]);
                break;
            case 4:
                if (!request.attributes.empty()) resize_one(request);
                break;
            default: spoil_fixed(request);
        }
    }

    void resize_one(Message& request) {
        Bytes& value = request.attributes[below(static_cast<uint32_t>(request.attributes.size()))].second;
        value.resize(one_in(2) ? value.size() + below(9) : below(static_cast<uint32_t>(value.size() + 1)), 0xee);
    }

    void spoil_fixed(Message& request) {
        if (request.type == XFRM_MSG_NEWSA || request.type == XFRM_MSG_UPDSA) {
            auto& info = request.as<xfrm_usersa_info>();
            switch (below(6)) {
                case 0: info.family = any_of<uint16_t>({0, 2, 10, 99}); break;
                case 1: info.id.proto = any_of<uint8_t>({0, 17, 51, 108, 255}); break;
                case 2: info.mode = static_cast<uint8_t>(below(7)); break;
                case 3: info.sel.prefixlen_d = any_of<uint8_t>({33, 128, 129}); break;
                case 4: info.flags = static_cast<uint8_t>(below(256)); break;
                default: info.replay_window = static_cast<uint8_t>(32 + below(200));
            }
        } else if (request.type == XFRM_MSG_NEWPOLICY || request.type == XFRM_MSG_UPDPOLICY) {
            auto& info = request.as<xfrm_userpolicy_info>();
            switch (below(5)) {
                case 0: info.sel.family = any_of<uint16_t>({0, 2, 10, 99}); break;
                case 1: info.dir = static_cast<uint8_t>(below(9)); break;
                case 2: info.sel.prefixlen_s = any_of<uint8_t>({33, 128, 129}); break;
                case 3: info.action = static_cast<uint8_t>(below(4)); break;
                default: info.index = below(64);
            }
        } else if (!request.fixed.empty()) {
            request.fixed[below(static_cast<uint32_t>(request.fixed.size()))] ^= static_cast<uint8_t>(1 << below(8));
        }
    }

    std::mt19937_64 random_;
    std::string destination_ = "192.0.2.1";
    std::vector<uint32_t> allocated_;
    std::vector<uint32_t> read_;
};

}  // namespace

Case random_case(uint64_t seed, uint32_t number) {
    return Chooser(seed, number).make("random case " + std::to_string(number) + " of seed " + std::to_string(seed));
}

}  // namespace uxfrm::differential
