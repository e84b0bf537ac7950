#pragma once

#include <string>
#include <vector>

#include "message_text.h"

namespace uxfrm::differential {

/** The structs of linux/xfrm.h as text. */

std::string hex_text(ByteView bytes);
std::string selector_text(const xfrm_selector& selector);
std::string id_text(const xfrm_usersa_id& id, const Names& names);
std::string sa_identity_text(const xfrm_usersa_info& info, const Names& names);

void add_sa_info(const xfrm_usersa_info& info, const Names& names, std::vector<Field>& fields);
void add_policy_info(const xfrm_userpolicy_info& info, const Names& names, std::vector<Field>& fields);
void add_policy_id(const xfrm_userpolicy_id& id, const Names& names, std::vector<Field>& fields);
void add_aevent(const xfrm_aevent_id& event, const Names& names, std::vector<Field>& fields);
void add_mapping(const xfrm_user_mapping& mapping, const Names& names, std::vector<Field>& fields);

/** `message_type` tells which enumeration the attribute is of. */
Field attribute_field(uint16_t message_type, uint16_t type, ByteView value);

}  // namespace uxfrm::differential
