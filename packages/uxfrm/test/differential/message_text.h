#pragma once

#include <string>
#include <vector>

#include "names.h"
#include "netlink_codec.h"

namespace uxfrm::differential {

/** One field of a message: "lft.packets" and "10/20". */
struct Field {
    std::string name;
    std::string value;
};

/**
 * Everything in an XFRM message that two implementations can agree on: no sequence numbers and port ids, times only as
 * "set" or "0", names for what each chooses itself.
 */
std::vector<Field> fields_of(const NetlinkMessage& message, const Names& names);

/** "NEWSA": for messages without a name its number. */
std::string type_text(uint16_t type);

/** What a message is about, to tell the messages of a dump apart: "192.0.2.1 esp 256". */
std::string identity_of(const NetlinkMessage& message, const Names& names);

/** A request in one line. */
std::string request_text(const Bytes& request);

}  // namespace uxfrm::differential
