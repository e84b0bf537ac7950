#include "message_text.h"

#include <arpa/inet.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "struct_text.h"

namespace uxfrm::differential {
namespace {

constexpr std::array<const char*, XFRM_NR_MSGTYPES> type_names = {
    "NEWSA",     "DELSA", "GETSA", "NEWPOLICY", "DELPOLICY", "GETPOLICY", "ALLOCSPI",   "ACQUIRE",   "EXPIRE",
    "UPDPOLICY", "UPDSA", "POLEXPIRE", "FLUSHSA", "FLUSHPOLICY", "NEWAE", "GETAE",      "REPORT",    "MIGRATE",
    "NEWSADINFO", "GETSADINFO", "NEWSPDINFO", "GETSPDINFO", "MAPPING", "SETDEFAULT", "GETDEFAULT"};

size_t fixed_size(uint16_t type) {
    switch (type) {
        case XFRM_MSG_NEWSA:
        case XFRM_MSG_UPDSA: return sizeof(xfrm_usersa_info);
        case XFRM_MSG_DELSA:
        case XFRM_MSG_GETSA: return sizeof(xfrm_usersa_id);
        case XFRM_MSG_NEWPOLICY:
        case XFRM_MSG_UPDPOLICY: return sizeof(xfrm_userpolicy_info);
        case XFRM_MSG_DELPOLICY:
        case XFRM_MSG_GETPOLICY: return sizeof(xfrm_userpolicy_id);
        case XFRM_MSG_ALLOCSPI: return sizeof(xfrm_userspi_info);
        case XFRM_MSG_EXPIRE: return sizeof(xfrm_user_expire);
        case XFRM_MSG_MAPPING: return sizeof(xfrm_user_mapping);
        case XFRM_MSG_NEWAE:
        case XFRM_MSG_GETAE: return sizeof(xfrm_aevent_id);
        case XFRM_MSG_FLUSHSA: return sizeof(xfrm_usersa_flush);
        case XFRM_MSG_NEWSADINFO:
        case XFRM_MSG_GETSADINFO:
        case XFRM_MSG_NEWSPDINFO:
        case XFRM_MSG_GETSPDINFO: return sizeof(uint32_t);
        case XFRM_MSG_GETDEFAULT:
        case XFRM_MSG_SETDEFAULT: return sizeof(xfrm_userpolicy_default);
        default: return 0;
    }
}

void add_fixed(const NetlinkMessage& message, const Names& names, std::vector<Field>& fields) {
    const ByteView body = message.body();
    switch (message.header().nlmsg_type) {
        case XFRM_MSG_NEWSA:
        case XFRM_MSG_UPDSA: return add_sa_info(*message.fixed<xfrm_usersa_info>(), names, fields);
        case XFRM_MSG_EXPIRE:
            add_sa_info(message.fixed<xfrm_user_expire>()->state, names, fields);
            return fields.push_back({"hard", std::to_string(message.fixed<xfrm_user_expire>()->hard)});
        case XFRM_MSG_NEWPOLICY:
        case XFRM_MSG_UPDPOLICY: return add_policy_info(*message.fixed<xfrm_userpolicy_info>(), names, fields);
        case XFRM_MSG_DELSA:
        case XFRM_MSG_GETSA: return fields.push_back({"id", id_text(*message.fixed<xfrm_usersa_id>(), names)});
        case XFRM_MSG_DELPOLICY:
        case XFRM_MSG_GETPOLICY: return add_policy_id(*message.fixed<xfrm_userpolicy_id>(), names, fields);
        case XFRM_MSG_NEWAE:
        case XFRM_MSG_GETAE: return add_aevent(*message.fixed<xfrm_aevent_id>(), names, fields);
        case XFRM_MSG_MAPPING: return add_mapping(*message.fixed<xfrm_user_mapping>(), names, fields);
        case XFRM_MSG_ALLOCSPI: {
            const auto request = *message.fixed<xfrm_userspi_info>();
            add_sa_info(request.info, names, fields);
            return fields.push_back({"range", std::to_string(request.min) + "-" + std::to_string(request.max)});
        }
        default: fields.push_back({"fixed", hex_text({body.data, std::min(body.size, fixed_size(message.header().nlmsg_type))})});
    }
}

/** Unlike the codec's own look at them: in their order, duplicates and cut ones too. */
void add_attributes(const NetlinkMessage& message, std::vector<Field>& fields) {
    const ByteView body = message.body();
    const uint16_t type = message.header().nlmsg_type;
    for (size_t offset = NLMSG_ALIGN(fixed_size(type)); offset + sizeof(rtattr) <= body.size;) {
        rtattr header;
        std::memcpy(&header, body.data + offset, sizeof(header));
        if (header.rta_len < sizeof(header) || header.rta_len > body.size - offset)
            return fields.push_back({"cut", std::to_string(header.rta_type)});
        fields.push_back(attribute_field(type, header.rta_type, {body.data + offset + RTA_LENGTH(0), header.rta_len - RTA_LENGTH(0)}));
        offset += RTA_ALIGN(header.rta_len);
    }
}

void add_error(const NetlinkMessage& message, std::vector<Field>& fields) {
    const auto error = message.fixed<nlmsgerr>();
    if (!error) return fields.push_back({"error", "cut"});
    const char* name = error->error == 0 ? "0" : strerrorname_np(-error->error);
    fields.push_back({"error", name ? name : std::to_string(-error->error)});
    const size_t echoed = message.body().size - sizeof(*error);
    fields.push_back({"echo", error->error != 0 && echoed != error->msg.nlmsg_len - NLMSG_HDRLEN ? "other" : "right"});
}

}  // namespace

std::string type_text(uint16_t type) {
    if (type == NLMSG_ERROR) return "ANSWER";
    if (type == NLMSG_DONE) return "DONE";
    const bool known = type >= XFRM_MSG_BASE && type <= XFRM_MSG_MAX;
    return known ? type_names[static_cast<size_t>(type - XFRM_MSG_BASE)] : "type" + std::to_string(type);
}

std::vector<Field> fields_of(const NetlinkMessage& message, const Names& names) {
    std::vector<Field> fields;
    const uint16_t type = message.header().nlmsg_type;
    fields.push_back({"flags", std::to_string(message.header().nlmsg_flags)});
    if (type == NLMSG_ERROR) {
        add_error(message, fields);
    } else if (message.body().size < fixed_size(type)) {
        fields.push_back({"cut", "fixed part"});
    } else {
        add_fixed(message, names, fields);
        add_attributes(message, fields);
    }
    return fields;
}

std::string identity_of(const NetlinkMessage& message, const Names& names) {
    if (message.body().size < fixed_size(message.header().nlmsg_type)) return "";
    switch (message.header().nlmsg_type) {
        case XFRM_MSG_NEWSA:
        case XFRM_MSG_EXPIRE: return sa_identity_text(*message.fixed<xfrm_usersa_info>(), names);
        case XFRM_MSG_NEWPOLICY: {
            const auto info = *message.fixed<xfrm_userpolicy_info>();
            const auto attributes = fields_of(message, names);
            const auto if_id = std::find_if(attributes.begin(), attributes.end(), [](const Field& field) { return field.name == "IF_ID"; });
            return selector_text(info.sel) + " dir " + std::to_string(info.dir) + (if_id == attributes.end() ? "" : " if_id " + if_id->value);
        }
        default: return "";
    }
}

std::string request_text(const Bytes& request) {
    ByteView input{request.data(), request.size()};
    const auto message = NetlinkMessage::next(input);
    if (!message) return "malformed " + hex_text({request.data(), request.size()});
    std::string text = type_text(message->header().nlmsg_type);
    for (const Field& field : fields_of(*message, Names())) text += " " + field.name + "=" + field.value;
    return text;
}

}  // namespace uxfrm::differential
