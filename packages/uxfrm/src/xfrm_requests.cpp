#include "xfrm_requests.h"

#include <arpa/inet.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "log.h"
#include "xfrm_attributes.h"
#include "xfrm_policy_codec.h"

namespace uxfrm {
namespace {

constexpr uint32_t max_spi_attempts = 1024;
/** IPSEC_PROTO_ANY of linux/ipsec.h. */
constexpr uint8_t any_protocol = 255;

std::unique_ptr<NetlinkBuilder> reply_to(const NetlinkMessage& message, uint16_t type) {
    return std::make_unique<NetlinkBuilder>(type, message.header().nlmsg_seq, message.header().nlmsg_pid);
}

/** netlink_ack: a refused request goes back whole, of one that was done the header only. */
std::unique_ptr<NetlinkBuilder> acknowledge(const NetlinkMessage& message, int error) {
    nlmsgerr body{};
    body.error = -error;
    body.msg = message.header();
    auto reply = reply_to(message, NLMSG_ERROR);
    reply->fixed(body);
    if (error != 0)
        reply->raw(message.body());
    else
        reply->flags(NLM_F_CAPPED);
    return reply;
}

/** xfrm_user_rcv_msg: either bit makes it a dump. */
bool is_dump(const nlmsghdr& header) {
    return (header.nlmsg_flags & NLM_F_DUMP) != 0 && (header.nlmsg_type == XFRM_MSG_GETSA || header.nlmsg_type == XFRM_MSG_GETPOLICY);
}

std::unique_ptr<NetlinkBuilder> dump_end(const NetlinkMessage& message) {
    auto end = reply_to(message, NLMSG_DONE);
    end->flags(NLM_F_MULTI);
    end->fixed(int{0});
    return end;
}

/** xfrm_user_state_lookup: what has no SPI is looked up by both addresses. */
bool identifies(const xfrm_usersa_id& id, const NetlinkMessage& message) {
    switch (id.proto) {
        case IPPROTO_AH:
        case IPPROTO_ESP:
        case IPPROTO_COMP:
        case any_protocol: return true;
        default: return static_cast<bool>(message.attribute(XFRMA_SRCADDR));
    }
}

void log_sa(const char* event, const SecurityAssociation& sa) {
    log(LogLevel::info, event,
        {{"spi", spi_text(sa.id.spi)},
         {"source", sa.source.text()},
         {"destination", sa.id.destination.text()},
         {"if_id", sa.if_id},
         {"reqid", sa.reqid},
         {"algorithm", sa.algorithms.text()}});
}

/** A random unused SPI in [min, max], network byte order; 0 when none was found. */
uint32_t choose_spi(Sad& sad, const IpAddress& destination, uint32_t min, uint32_t max) {
    const uint64_t range = uint64_t{max} - min + 1;
    for (uint64_t attempt = 0; attempt < std::min<uint64_t>(range, max_spi_attempts); ++attempt) {
        uint32_t random = 0;
        if (RAND_bytes(reinterpret_cast<unsigned char*>(&random), sizeof(random)) != 1) return 0;
        const uint32_t spi = htonl(static_cast<uint32_t>(min + random % range));
        if (spi != 0 && !sad.find({destination, spi})) return spi;
    }
    return 0;
}

}  // namespace

XfrmRequests::Replies XfrmRequests::handle(NetlinkMessage& message, uint64_t session) {
    Replies replies;
    const nlmsghdr& header = message.header();
    const bool asked = (header.nlmsg_flags & NLM_F_REQUEST) != 0 && header.nlmsg_type >= NLMSG_MIN_TYPE;
    const int error = asked ? dispatch(message, session, replies) : 0;
    if (error != 0) {
        log(LogLevel::debug, "request-refused", {{"type", header.nlmsg_type}, {"error", strerror(error)}});
        replies.clear();
    }
    const bool acknowledged = (header.nlmsg_flags & NLM_F_ACK) != 0 && !(asked && is_dump(header));
    if (error != 0 || acknowledged) replies.push_back(acknowledge(message, error));
    return replies;
}

int XfrmRequests::dispatch(NetlinkMessage& message, uint64_t session, Replies& replies) {
    const uint16_t type = message.header().nlmsg_type;
    if (is_dump(message.header())) return type == XFRM_MSG_GETSA ? dump_sas(message, replies) : dump_policies(message, replies);
    if (const int error = read_xfrm_attributes(message)) return error;
    switch (type) {
        case XFRM_MSG_ALLOCSPI: return allocate_spi(message, session, replies);
        case XFRM_MSG_NEWSA: return add_sa(message, session, false);
        case XFRM_MSG_UPDSA: return add_sa(message, session, true);
        case XFRM_MSG_DELSA: return delete_sa(message);
        case XFRM_MSG_GETSA: return get_sa(message, replies);
        case XFRM_MSG_GETAE: return get_replay(message, replies);
        case XFRM_MSG_FLUSHSA: return flush_sas(message);
        case XFRM_MSG_NEWPOLICY: return add_policy(message, session, true);
        case XFRM_MSG_UPDPOLICY: return add_policy(message, session, false);
        case XFRM_MSG_DELPOLICY: return delete_policy(message);
        case XFRM_MSG_GETPOLICY: return get_policy(message, replies);
        case XFRM_MSG_FLUSHPOLICY: return flush_policies(message);
        case XFRM_MSG_GETSPDINFO: return get_spd_info(message, replies);
        case XFRM_MSG_NEWSPDINFO: return set_thresholds(message);
        case XFRM_MSG_GETSADINFO: return get_sad_info(message, replies);
        default: return EINVAL;
    }
}

int XfrmRequests::allocate_spi(NetlinkMessage& message, uint64_t session, Replies& replies) {
    SpiRequest request = decode_spi_request(message, clock_);
    if (request.error != 0) return request.error;
    request.larval->id.spi = choose_spi(sad_, request.larval->id.destination, request.min, request.max);
    if (request.larval->id.spi == 0) return ENOENT;
    request.larval->session = session;
    auto reply = reply_to(message, XFRM_MSG_NEWSA);
    reply->fixed(sa_info(*request.larval, clock_));
    add_sa_attributes(*reply, *request.larval, clock_);
    if (!sad_.insert(std::move(request.larval))) return ENOMEM;
    replies.push_back(std::move(reply));
    return 0;
}

/** xfrm_state_add, xfrm_state_update. */
int XfrmRequests::add_sa(NetlinkMessage& message, uint64_t session, bool update) {
    Decoded<SecurityAssociation> decoded = decode_sa(message, clock_);
    if (decoded.error != 0) return decoded.error;
    if (!carried(decoded.value->transport())) return is_udp(decoded.value->transport()) ? EAFNOSUPPORT : EPROTONOSUPPORT;
    decoded.value->session = session;
    SecurityAssociation* existing = sad_.find(decoded.value->id);
    if (!update) return existing ? EEXIST : install(std::move(decoded.value));
    if (!existing) return ESRCH;
    const SaDirection direction = decoded.value->declared_direction;
    if (existing->state == SaState::larval) {
        if (direction != SaDirection::unknown && direction != existing->declared_direction) return ESRCH;
        return install(std::move(decoded.value));
    }
    if (direction != existing->declared_direction) return ESRCH;
    existing->session = session;
    return update_sa(*existing, *decoded.value);
}

/** A live SA keeps its keys and sequence numbers; see the second half of xfrm_state_update. */
int XfrmRequests::update_sa(SecurityAssociation& existing, const SecurityAssociation& update) {
    if (existing.state != SaState::valid || existing.in_udp() != update.in_udp()) return EINVAL;
    existing.encapsulation = update.encapsulation;
    existing.limits = update.limits;
    existing.soft_expiry.reset();
    existing.soft_reported = false;
    if (update.if_id != 0) existing.if_id = update.if_id;
    log_sa("sa-updated", existing);
    on_sa_change_(existing.if_id);
    return 0;
}

int XfrmRequests::install(std::unique_ptr<SecurityAssociation> sa) {
    SecurityAssociation& installed = *sa;
    if (!sad_.insert(std::move(sa))) return ENOMEM;
    log_sa("sa-installed", installed);
    on_sa_change_(installed.if_id);
    return 0;
}

int XfrmRequests::delete_sa(NetlinkMessage& message) {
    const auto id = message.fixed<xfrm_usersa_id>();
    if (!id || !identifies(*id, message)) return EINVAL;
    SecurityAssociation* sa = find_sa(*id);
    if (!sa) return ESRCH;
    const uint32_t if_id = sa->if_id;
    log_sa("sa-deleted", *sa);
    sad_.remove(SaId(sa->id));
    on_sa_change_(if_id);
    return 0;
}

int XfrmRequests::get_sa(NetlinkMessage& message, Replies& replies) {
    const auto id = message.fixed<xfrm_usersa_id>();
    if (!id || !identifies(*id, message)) return EINVAL;
    const SecurityAssociation* sa = find_sa(*id);
    if (!sa) return ESRCH;
    auto reply = reply_to(message, XFRM_MSG_NEWSA);
    reply->fixed(sa_info(*sa, clock_));
    add_sa_attributes(*reply, *sa, clock_);
    replies.push_back(std::move(reply));
    return 0;
}

int XfrmRequests::get_replay(NetlinkMessage& message, Replies& replies) {
    const auto request = message.fixed<xfrm_aevent_id>();
    if (!request) return EINVAL;
    const SecurityAssociation* sa = find_sa(request->sa_id);
    if (!sa) return ESRCH;
    xfrm_aevent_id event{};
    event.sa_id = sa_identity(*sa);
    event.saddr = sa->source.to_xfrm();
    event.flags = request->flags;
    event.reqid = sa->reqid;
    auto reply = reply_to(message, XFRM_MSG_NEWAE);
    reply->fixed(event);
    add_replay_state(*reply, *sa);
    reply->attribute(XFRMA_LTIME_VAL, usage_info(sa->usage, clock_));
    if ((event.flags & XFRM_AE_RTHR) != 0) reply->attribute(XFRMA_REPLAY_THRESH, sa->replay_threshold);
    if ((event.flags & XFRM_AE_ETHR) != 0) reply->attribute(XFRMA_ETIMER_THRESH, sa->replay_timer);
    if (sa->if_id != 0) reply->attribute(XFRMA_IF_ID, sa->if_id);
    add_direction(*reply, *sa);
    replies.push_back(std::move(reply));
    return 0;
}

int XfrmRequests::dump_sas(const NetlinkMessage& message, Replies& replies) {
    sad_.for_each([&](const SecurityAssociation& sa) {
        auto reply = reply_to(message, XFRM_MSG_NEWSA);
        reply->flags(NLM_F_MULTI);
        reply->fixed(sa_info(sa, clock_));
        add_sa_attributes(*reply, sa, clock_);
        replies.push_back(std::move(reply));
    });
    replies.push_back(dump_end(message));
    return 0;
}

int XfrmRequests::dump_policies(const NetlinkMessage& message, Replies& replies) {
    spd_.for_each([&](const Policy& policy) {
        auto reply = reply_to(message, XFRM_MSG_NEWPOLICY);
        reply->flags(NLM_F_MULTI);
        reply->fixed(policy_info(policy, clock_));
        add_policy_attributes(*reply, policy);
        replies.push_back(std::move(reply));
    });
    replies.push_back(dump_end(message));
    return 0;
}

int XfrmRequests::get_sad_info(const NetlinkMessage& message, Replies& replies) {
    auto reply = reply_to(message, XFRM_MSG_NEWSADINFO);
    reply->fixed(message.fixed<uint32_t>().value_or(0));
    reply->attribute(XFRMA_SAD_CNT, static_cast<uint32_t>(sad_.size()));
    reply->attribute(XFRMA_SAD_HINFO, xfrmu_sadhinfo{static_cast<uint32_t>(sad_.size()), Sad::max_entries});
    replies.push_back(std::move(reply));
    return 0;
}

int XfrmRequests::flush_sas(const NetlinkMessage& message) {
    const auto request = message.fixed<xfrm_usersa_flush>();
    if (!request) return EINVAL;
    if (request->proto != IPPROTO_ESP && request->proto != any_protocol && request->proto != 0) return 0;
    std::set<uint32_t> if_ids;
    sad_.for_each([&](const SecurityAssociation& sa) { if_ids.insert(sa.if_id); });
    sad_.clear();
    for (const uint32_t if_id : if_ids) on_sa_change_(if_id);
    return 0;
}

int XfrmRequests::add_policy(NetlinkMessage& message, uint64_t session, bool exclusive) {
    Decoded<Policy> decoded = decode_policy(message, clock_);
    if (decoded.error != 0) return decoded.error;
    decoded.value->session = session;
    const LogFields fields = {{"if_id", decoded.value->if_id}, {"direction", decoded.value->direction}};
    const int error = spd_.insert(std::move(decoded.value), exclusive);
    if (error == 0) log(LogLevel::debug, "policy-installed", fields);
    return error;
}

int XfrmRequests::delete_policy(NetlinkMessage& message) {
    if (const int error = check_policy_question(message)) return error;
    const Policy* policy = find_policy(message);
    if (!policy) return ENOENT;
    log(LogLevel::debug, "policy-deleted", {{"if_id", policy->if_id}, {"direction", policy->direction}});
    spd_.remove(policy);
    return 0;
}

int XfrmRequests::get_policy(NetlinkMessage& message, Replies& replies) {
    if (const int error = check_policy_question(message)) return error;
    const Policy* policy = find_policy(message);
    if (!policy) return ENOENT;
    auto reply = reply_to(message, XFRM_MSG_NEWPOLICY);
    reply->fixed(policy_info(*policy, clock_));
    add_policy_attributes(*reply, *policy);
    replies.push_back(std::move(reply));
    return 0;
}

int XfrmRequests::flush_policies(const NetlinkMessage& message) {
    if (const int error = check_policy_type(message)) return error;
    spd_.clear();
    return 0;
}

/** xfrm_set_spdinfo. Look-ups have no hash to tune: who asks is told, and that is all. */
int XfrmRequests::set_thresholds(const NetlinkMessage& message) {
    const auto v4 = message.attribute_as<xfrmu_spdhthresh>(XFRMA_SPD_IPV4_HTHRESH).value_or(thresholds_v4_);
    const auto v6 = message.attribute_as<xfrmu_spdhthresh>(XFRMA_SPD_IPV6_HTHRESH).value_or(thresholds_v6_);
    if (v4.lbits > 32 || v4.rbits > 32 || v6.lbits > 128 || v6.rbits > 128) return EINVAL;
    thresholds_v4_ = v4;
    thresholds_v6_ = v6;
    return 0;
}

int XfrmRequests::get_spd_info(const NetlinkMessage& message, Replies& replies) {
    auto reply = reply_to(message, XFRM_MSG_NEWSPDINFO);
    reply->fixed(message.fixed<uint32_t>().value_or(0));
    const auto count = [this](uint8_t direction) { return static_cast<uint32_t>(spd_.count(direction)); };
    reply->attribute(XFRMA_SPD_INFO, xfrmu_spdinfo{count(XFRM_POLICY_IN), count(XFRM_POLICY_OUT), count(XFRM_POLICY_FWD), 0, 0, 0});
    reply->attribute(XFRMA_SPD_HINFO, xfrmu_spdhinfo{static_cast<uint32_t>(spd_.size()), Spd::max_entries});
    reply->attribute(XFRMA_SPD_IPV4_HTHRESH, thresholds_v4_);
    reply->attribute(XFRMA_SPD_IPV6_HTHRESH, thresholds_v6_);
    replies.push_back(std::move(reply));
    return 0;
}

SecurityAssociation* XfrmRequests::find_sa(const xfrm_usersa_id& id) {
    if (id.proto != IPPROTO_ESP || (id.family != AF_INET && id.family != AF_INET6)) return nullptr;
    return sad_.find({IpAddress::from_xfrm(id.family, id.daddr), id.spi});
}

/** How xfrm_get_policy begins. */
int XfrmRequests::check_policy_question(const NetlinkMessage& message) {
    const auto id = message.fixed<xfrm_userpolicy_id>();
    if (!id || id->dir >= XFRM_POLICY_MAX) return EINVAL;
    return check_policy_type(message);
}

Policy* XfrmRequests::find_policy(NetlinkMessage& message) {
    const auto id = message.fixed<xfrm_userpolicy_id>();
    if (!id || has_mark(message)) return nullptr;  // no policy here has a mark
    const uint32_t if_id = message.attribute_as<uint32_t>(XFRMA_IF_ID).value_or(0);
    return id->index != 0 ? spd_.find_by_index(id->index, id->dir, if_id) : spd_.find(Selector(id->sel), id->dir, if_id);
}

}  // namespace uxfrm
