#pragma once

#include <sys/types.h>

#include <nlohmann/json.hpp>
#include <string>

namespace uxfrm::differential {

class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    std::string path() const { return path_; }

private:
    char path_[32] = "/tmp/xfrm-differential-XXXXXX";
};

/** A uxfrm in the network namespace that it is started in; ends with this object. */
class DaemonProcess {
public:
    explicit DaemonProcess(const std::string& program);
    ~DaemonProcess();
    DaemonProcess(const DaemonProcess&) = delete;
    DaemonProcess& operator=(const DaemonProcess&) = delete;

    /** A request of the control protocol and its reply; throws when it is refused. */
    nlohmann::json control(const nlohmann::json& request) const;

private:
    TemporaryFolder folder_;
    pid_t pid_;
};

}  // namespace uxfrm::differential
