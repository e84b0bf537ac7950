/*
 * Preloaded into an IKE daemon, and into nothing else: puts uxfrm in the place of the kernel's NETLINK_XFRM and
 * shares UDP port 4500 with it. Three libc functions are enough, because a connected SOCK_SEQPACKET socket keeps
 * message boundaries, ignores the destination of sendto() and polls like a netlink socket.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "shim_protocol.h"

#define EXPORT __attribute__((visibility("default")))

static int (*libc_socket)(int, int, int);
static int (*libc_bind)(int, const struct sockaddr *, socklen_t);
static int (*libc_setsockopt)(int, int, int, const void *, socklen_t);

/* The first call may come from a constructor that runs before ours. */
static void find_libc(void)
{
    if (libc_setsockopt)
        return;
    libc_socket = (int (*)(int, int, int))dlsym(RTLD_NEXT, "socket");
    libc_bind = (int (*)(int, const struct sockaddr *, socklen_t))dlsym(RTLD_NEXT, "bind");
    libc_setsockopt = (int (*)(int, int, int, const void *, socklen_t))dlsym(RTLD_NEXT, "setsockopt");
}

static int connect_uxfrm(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = libc_socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    memcpy(address.sun_path, UXFRM_SOCKET_NAME, UXFRM_SOCKET_NAME_LENGTH);
    if (connect(fd, (struct sockaddr *)&address, offsetof(struct sockaddr_un, sun_path) + UXFRM_SOCKET_NAME_LENGTH) == 0)
        return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

static int send_message(int fd, unsigned short type, const void *payload, size_t length)
{
    struct nlmsghdr header = {.nlmsg_len = NLMSG_LENGTH(length), .nlmsg_type = type};
    struct iovec parts[] = {{&header, sizeof(header)}, {(void *)payload, length}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = length ? 2 : 1};

    return sendmsg(fd, &message, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

/*
 * Nobody ever writes to this connection, so the only signal it can raise is for uxfrm's end. An IKE daemon cannot
 * live on without its data plane: requests it has sent are never answered and it would spin on its event socket's
 * end of file. SIGKILL, because an orderly shutdown waits for those answers too.
 */
static void hold_lifeline(void)
{
    int fd = connect_uxfrm();

    unsetenv("LD_PRELOAD"); /* not for updown scripts and the like */
    if (fd < 0)
        return;
    fcntl(fd, F_SETOWN, getpid());
    fcntl(fd, F_SETSIG, SIGKILL);
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_ASYNC);
}

EXPORT int socket(int domain, int type, int protocol)
{
    static pthread_once_t lifeline = PTHREAD_ONCE_INIT;

    find_libc();
    /* A SOCK_DGRAM one stays real: charon only does SIOCETHTOOL on it. */
    if (domain != AF_NETLINK || protocol != NETLINK_XFRM || (type & ~(SOCK_CLOEXEC | SOCK_NONBLOCK)) != SOCK_RAW)
        return libc_socket(domain, type, protocol);
    int fd = connect_uxfrm();
    if (fd >= 0)
        pthread_once(&lifeline, hold_lifeline);
    return fd;
}

static int is_uxfrm_socket(int fd)
{
    int domain = 0;
    socklen_t length = sizeof(domain);

    return getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &length) == 0 && domain == AF_UNIX;
}

static int subscribe(int fd, const struct sockaddr_nl *address)
{
    if (address->nl_groups == 0)
        return 0;
    return send_message(fd, UXFRM_MSG_SUBSCRIBE, &address->nl_groups, sizeof(address->nl_groups));
}

static int receive_descriptor(int fd)
{
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int))];
    } control;
    struct nlmsghdr header;
    struct iovec part = {&header, sizeof(header)};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)};
    int received = -1;

    if (recvmsg(fd, &message, MSG_CMSG_CLOEXEC) <= 0)
        return -1;
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    if (rights && rights->cmsg_level == SOL_SOCKET && rights->cmsg_type == SCM_RIGHTS)
        memcpy(&received, CMSG_DATA(rights), sizeof(received));
    return received;
}

/* Puts uxfrm's IKE socket, bound already, in the place of this one. */
static int adopt_ike_socket(int fd, sa_family_t family)
{
    int connection = connect_uxfrm();
    int ike_socket = -1;
    unsigned int wanted = family;

    if (connection < 0)
        return -1;
    if (send_message(connection, UXFRM_MSG_IKE_SOCKET, &wanted, sizeof(wanted)) == 0)
        ike_socket = receive_descriptor(connection);
    close(connection);
    if (ike_socket < 0) {
        errno = EADDRNOTAVAIL;
        return -1;
    }
    int result = dup2(ike_socket, fd);
    close(ike_socket);
    return result < 0 ? -1 : 0;
}

/* The port stands in the same place in the addresses of both families. */
static int is_natt_port(const struct sockaddr *address, socklen_t length)
{
    return address && length >= sizeof(struct sockaddr_in) &&
           (address->sa_family == AF_INET || address->sa_family == AF_INET6) &&
           ((const struct sockaddr_in *)address)->sin_port == htons(UXFRM_NATT_PORT);
}

EXPORT int bind(int fd, const struct sockaddr *address, socklen_t length)
{
    find_libc();
    if (address && length >= sizeof(struct sockaddr_nl) && address->sa_family == AF_NETLINK && is_uxfrm_socket(fd))
        return subscribe(fd, (const struct sockaddr_nl *)address);
    if (is_natt_port(address, length))
        return adopt_ike_socket(fd, address->sa_family);
    return libc_bind(fd, address, length);
}

/* Without XFRM in the kernel these fail; with it, UDP_ENCAP would swallow the ESP packets. */
static int belongs_to_kernel_xfrm(int level, int option)
{
    return (level == SOL_UDP && option == UDP_ENCAP) || (level == SOL_IP && option == IP_XFRM_POLICY) ||
           (level == SOL_IPV6 && option == IPV6_XFRM_POLICY);
}

EXPORT int setsockopt(int fd, int level, int option, const void *value, socklen_t length)
{
    find_libc();
    if (belongs_to_kernel_xfrm(level, option))
        return 0;
    return libc_setsockopt(fd, level, option, value, length);
}
