#pragma once

#include <string>

#include "prober.h"

namespace uxfrm {

/**
 * Tells the reader of a descriptor what changed, and each second how a part of all targets stands, so that whatever it missed
 * or forgot it knows again soon. A reader that does not keep up is waited for by nobody: it hears the newest state later.
 */
class ReportWriter {
public:
    explicit ReportWriter(int fd) : fd_(fd) {}

    void ready();
    void refuse(const std::string& reason);

    /** What has changed since it was told last, if it is time for a line. */
    void tell_changed(Prober& prober, Nanoseconds now);
    /** When it is. */
    Nanoseconds next_line() const { return next_line_; }
    /** Every target is told once in so many calls; a call without any is a sign of life. */
    void tell_part(Prober& prober, Nanoseconds now);

private:
    static constexpr size_t parts = 5;

    bool is_free();
    void write_line(std::string line);

    const int fd_;
    std::string unwritten_;
    Nanoseconds next_line_ = 0;
    size_t part_ = 0;
};

}  // namespace uxfrm
