#include "sa_lifecycle.h"

#include "log.h"

namespace uxfrm {
namespace {

/** Without ESN, IKE gets a soft expire when fifteen sixteenths of the sequence numbers are used. */
constexpr uint64_t soft_sequence_limit = 0xf0000000;

}  // namespace

bool SaLifecycle::admit(SecurityAssociation& sa) {
    if (sa.state != SaState::valid) return false;
    const Lifetime lifetime = lifetime_by_volume(sa.limits, sa.usage);
    if (lifetime == Lifetime::valid) return true;
    if (lifetime == Lifetime::hard_expired) {
        expire_hard(sa);
        return false;
    }
    expire_soft(sa);
    return true;
}

std::optional<uint64_t> SaLifecycle::next_sequence(SecurityAssociation& sa) {
    if (sa.output_sequence >= sa.max_sequence()) {
        expire_hard(sa);
        return std::nullopt;
    }
    if (!sa.esn() && sa.output_sequence == soft_sequence_limit) expire_soft(sa);
    return ++sa.output_sequence;
}

void SaLifecycle::sweep() {
    const uint64_t now = clock_.monotonic_seconds();
    sad_.for_each([&](SecurityAssociation& sa) {
        const Lifetime lifetime = lifetime_by_time(sa.limits, sa.usage, now);
        if (lifetime == Lifetime::hard_expired) expire_hard(sa);
        if (lifetime == Lifetime::soft_expired) expire_soft(sa);
    });
    reap();
    if (stale_deadline_ != 0 && now >= stale_deadline_) remove_stale();
}

void SaLifecycle::reap() {
    if (!reap_needed()) return;
    pending_ = false;
    sad_.for_each([&](SecurityAssociation& sa) {
        if (!sa.soft_expiry || sa.soft_reported) return;
        sa.soft_reported = true;
        report(sa, *sa.soft_expiry, false);
    });
    sad_.remove_if([](const SecurityAssociation& sa) { return sa.state == SaState::expired; },
                   [&](const SecurityAssociation& sa) { report(sa, sa.usage, true); });
}

void SaLifecycle::session_started(uint64_t session) {
    session_ = session;
    stale_deadline_ = clock_.monotonic_seconds() + stale_seconds_;
}

void SaLifecycle::expire_hard(SecurityAssociation& sa) {
    sa.state = SaState::expired;
    pending_ = true;
}

void SaLifecycle::expire_soft(SecurityAssociation& sa) {
    if (sa.soft_expiry) return;
    sa.soft_expiry = sa.usage;
    pending_ = true;
}

void SaLifecycle::report(const SecurityAssociation& sa, const LifetimeUsage& usage, bool hard) {
    log(LogLevel::info, "sa-expired", {{"spi", spi_text(sa.id.spi)}, {"if_id", sa.if_id}, {"hard", hard}});
    events_.expire(sa, usage, hard);
}

void SaLifecycle::remove_stale() {
    stale_deadline_ = 0;
    size_t sas = 0;
    sad_.remove_if([&](const SecurityAssociation& sa) { return sa.session != session_; },
                   [&](const SecurityAssociation&) { ++sas; });
    const size_t policies = spd_.remove_if([&](const Policy& policy) { return policy.session != session_; });
    if (sas + policies != 0) log(LogLevel::info, "stale-removed", {{"sas", sas}, {"policies", policies}});
}

}  // namespace uxfrm
