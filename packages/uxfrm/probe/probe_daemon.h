#pragma once

#include "event_loop.h"
#include "file_descriptor.h"
#include "line_reader.h"
#include "prober.h"
#include "report_writer.h"

namespace uxfrm {

/** Commands in, reports out, and a prober between them. */
class ProbeDaemon {
public:
    /** @param commands,reports descriptors that stay the caller's; both are made not to block. Throws system_error. */
    ProbeDaemon(int commands, int reports);

    /** Until its commands end: it does not outlive whoever gives them. */
    void run();

private:
    void read_commands();
    void turn();
    void set_alarm(Nanoseconds now);
    void pause(Nanoseconds began) const;

    EventLoop loop_;
    Prober prober_;
    LineReader lines_;
    ReportWriter reports_;
    const int commands_;
    const FileDescriptor alarm_;
};

}  // namespace uxfrm
