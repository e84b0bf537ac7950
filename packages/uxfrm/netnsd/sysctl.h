#pragma once

#include <optional>
#include <string>

namespace netnsd {

/** Settings of the namespace that the calling thread is in, by their path below /proc/sys. */

/** Nothing where the kernel has none of this path. Throws RequestError. */
std::optional<std::string> read_sysctl(const std::string& path);
/** Skips what the kernel does not have. Throws RequestError. */
void write_sysctl(const std::string& path, const std::string& value);

}  // namespace netnsd
