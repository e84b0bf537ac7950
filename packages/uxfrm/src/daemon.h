#pragma once

#include "control_commands.h"
#include "control_server.h"
#include "event_loop.h"
#include "inbound.h"
#include "ipsec_mb.h"
#include "options.h"
#include "outbound.h"
#include "outer_sockets.h"
#include "path_watch.h"
#include "tunnel_mtu.h"
#include "xfrm_server.h"

namespace uxfrm {

/** One gateway's data plane: builds the parts, wires them, runs them on one thread. */
class Daemon {
public:
    /** Throws system_error when a device, port or socket cannot be had. */
    explicit Daemon(const Options& options);

    /** Until SIGTERM or SIGINT. */
    void run();

private:
    void watch_signals();
    void watch_tuns();
    void watch_outer();

    SystemClock clock_;
    EventLoop loop_;
    DropCounters drops_;
    Sad sad_;
    Spd spd_;
    /** Before the outer sockets: a second uxfrm must not touch the first one's SO_REUSEPORT group. */
    FileDescriptor xfrm_listener_;
    OuterSockets outer_;
    TunTable tuns_;
    TunnelMtu mtu_;
    PathWatch path_watch_;
    XfrmRequests requests_;
    XfrmServer xfrm_;
    SaLifecycle lifecycle_;
    OuterSender sender_;
    OuterReceiver receiver_;
    Outbound outbound_;
    Inbound inbound_;
    ControlCommands commands_;
    ControlServer control_;
    FileDescriptor signals_;
};

}  // namespace uxfrm
