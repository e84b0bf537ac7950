#pragma once

#include <cstddef>
#include <cstdint>

#include "inner_packet.h"
#include "security_association.h"

namespace uxfrm {

/** TOS byte of the outer header: DSCP as RFC 4301 section 5.1.2, ECN as RFC 6040 section 4.1. */
uint8_t outer_tos(const SecurityAssociation& sa, uint8_t inner_tos);

/** Takes congestion marks, and the DSCP if the SA says so, over into the inner header (RFC 6040 section 4.2). */
void apply_outer_tos(const SecurityAssociation& sa, uint8_t outer, uint8_t* packet, const InnerPacket& inner);

}  // namespace uxfrm
