#pragma once

#include <memory>
#include <vector>

#include "control_commands.h"
#include "control_server.h"
#include "event_loop.h"
#include "ipsec_mb.h"
#include "options.h"
#include "outer_sockets.h"
#include "path_watch.h"
#include "slow_calls.h"
#include "tunnel_mtu.h"
#include "worker.h"
#include "xfrm_server.h"

namespace uxfrm {

/**
 * One gateway's data plane: builds the parts, wires them and runs them. With one worker one thread serves packets, IKE
 * and control; with more, packets are the workers'. What is slow in the kernel has a thread of its own (SlowCalls).
 */
class Daemon {
public:
    /** Throws system_error when a device, port or socket cannot be had. */
    explicit Daemon(const Options& options);

    /** With the privileges that the caller has then; no packets before run(). */
    void start_threads();

    /** Until SIGTERM or SIGINT. */
    void run();

private:
    void watch_signals();
    void watch_tuns();
    void make_paths(size_t workers);
    /** All packets that leave a device are one worker's, so that none of an SA overtakes another. */
    DataPath& path_of(const TunDevice& tun) { return *paths_[tun.if_id() % paths_.size()]; }

    SystemClock clock_;
    EventLoop loop_;
    DatabaseLock lock_;
    ControlQueue queue_;
    DropCounters drops_;
    Sad sad_;
    Spd spd_;
    /** Before the outer sockets: a second uxfrm must not touch the first one's SO_REUSEPORT group. */
    FileDescriptor xfrm_listener_;
    OuterSockets outer_;
    SlowCalls slow_calls_;
    TunTable tuns_;
    TunnelMtu mtu_;
    PathWatch path_watch_;
    XfrmRequests requests_;
    XfrmServer xfrm_;
    SaLifecycle lifecycle_;
    ControlCommands commands_;
    ControlServer control_;
    FileDescriptor signals_;
    /** Without workers the control thread has the one data path. */
    std::vector<std::unique_ptr<Worker>> workers_;
    std::unique_ptr<DataPath> own_path_;
    std::vector<DataPath*> paths_;
};

}  // namespace uxfrm
