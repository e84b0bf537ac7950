#ifndef UXFRM_SHIM_PROTOCOL_H
#define UXFRM_SHIM_PROTOCOL_H

/*
 * What the shim and uxfrm say to each other besides XFRM netlink messages; plain C. Message types above
 * XFRM_MSG_MAX, each in a struct nlmsghdr of its own datagram.
 */

/** Payload: uint32_t multicast groups, as in sockaddr_nl.nl_groups. No reply. */
#define UXFRM_MSG_SUBSCRIBE 0xfff0
/**
 * Asks for the IKE socket on UDP port 4500. Payload: uint32_t address family. Reply: the same header with the socket
 * as SCM_RIGHTS, or without one where the host lacks the family.
 */
#define UXFRM_MSG_IKE_SOCKET 0xfff1

/**
 * The abstract socket name, its leading zero included. IKE reads the address of the event socket's peer as a
 * sockaddr_nl and wants nl_pid, bytes 4 to 7, to be 0 (the kernel).
 */
#define UXFRM_SOCKET_NAME "\0\0\0\0\0\0\0uxfrm"
#define UXFRM_SOCKET_NAME_LENGTH (sizeof(UXFRM_SOCKET_NAME) - 1)

#define UXFRM_NATT_PORT 4500

#endif
