#pragma once

#include <string>
#include <vector>

#include "message.h"

namespace uxfrm::differential {

/** Requests that both sides get from an empty state on. */
struct Case {
    std::string name;
    std::vector<Message> requests;
    /** Multicast groups (bits) to listen to, and how many events of the kernel to wait for at the end. */
    uint32_t groups = 0;
    size_t events = 0;

    /** Adds a request; its number, which named_spi and named_index take. */
    uint32_t add(Message request) {
        requests.push_back(std::move(request));
        return static_cast<uint32_t>(requests.size() - 1);
    }
};

/** Each one is about one part of the interface. */
std::vector<Case> written_sa_cases();
std::vector<Case> written_algorithm_cases();
std::vector<Case> written_policy_cases();
std::vector<Case> written_protocol_cases();

/** Case `number` of a seed: the same one always. */
Case random_case(uint64_t seed, uint32_t number);

}  // namespace uxfrm::differential
