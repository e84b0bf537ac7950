#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "clock.h"
#include "netlink_codec.h"
#include "sad.h"
#include "spd.h"

namespace uxfrm {

/** Answers XFRM requests as net/xfrm/xfrm_user.c does, for the set that charon uses. */
class XfrmRequests {
public:
    using Replies = std::vector<std::unique_ptr<NetlinkBuilder>>;
    using SaChange = std::function<void(uint32_t if_id)>;

    /** `sockets` says what the host can carry; an SA that it cannot is refused. */
    XfrmRequests(Sad& sad, Spd& spd, const Clock& clock, const OuterDescriptors& sockets, SaChange on_sa_change)
        : sad_(sad), spd_(spd), clock_(clock), sockets_(sockets), on_sa_change_(std::move(on_sa_change)) {}

    /** `session` marks what is installed with the IKE daemon that asked. */
    Replies handle(NetlinkMessage& message, uint64_t session);

private:
    /** Positive errno or 0; data replies go to `replies`. */
    int dispatch(NetlinkMessage& message, uint64_t session, Replies& replies);

    int allocate_spi(NetlinkMessage& message, uint64_t session, Replies& replies);
    int add_sa(NetlinkMessage& message, uint64_t session, bool update);
    int update_sa(SecurityAssociation& existing, const SecurityAssociation& update);
    int install(std::unique_ptr<SecurityAssociation> sa);
    int delete_sa(NetlinkMessage& message);
    int get_sa(NetlinkMessage& message, Replies& replies);
    int get_replay(NetlinkMessage& message, Replies& replies);
    int dump_sas(const NetlinkMessage& message, Replies& replies);
    int dump_policies(const NetlinkMessage& message, Replies& replies);
    int get_sad_info(const NetlinkMessage& message, Replies& replies);
    int flush_sas(const NetlinkMessage& message);
    int add_policy(NetlinkMessage& message, uint64_t session, bool exclusive);
    int delete_policy(NetlinkMessage& message);
    int get_policy(NetlinkMessage& message, Replies& replies);
    int flush_policies(const NetlinkMessage& message);
    int set_thresholds(const NetlinkMessage& message);
    int get_spd_info(const NetlinkMessage& message, Replies& replies);

    bool carried(OuterTransport transport) const { return sockets_[index_of(transport)] >= 0; }
    SecurityAssociation* find_sa(const xfrm_usersa_id& id);
    static int check_policy_question(const NetlinkMessage& message);
    Policy* find_policy(NetlinkMessage& message);

    Sad& sad_;
    Spd& spd_;
    const Clock& clock_;
    const OuterDescriptors sockets_;
    SaChange on_sa_change_;
    xfrmu_spdhthresh thresholds_v4_{32, 32};
    xfrmu_spdhthresh thresholds_v6_{128, 128};
};

}  // namespace uxfrm
