#pragma once

#include <regex>
#include <string>
#include <utility>
#include <vector>

namespace uxfrm::differential {

/** What only the kernel ("- …") or only uxfrm ("+ …") answers to one request. */
using DifferenceLines = std::vector<std::string>;

/** Of Linux, such as 6 and 12: the first two numbers of a release. */
using KernelVersion = std::pair<unsigned, unsigned>;

/** Of a text that begins with it: `6.12.117+deb13-amd64`. Throws for another one. */
KernelVersion kernel_version(const std::string& release);

/** The differences from a kernel that are meant to be (expected-differences.json), and whether each still occurs. */
class ExpectedDifferences {
public:
    struct Entry {
        std::string name;
        std::regex case_name;
        std::regex request;
        std::vector<std::regex> lines;
        size_t seen = 0;
    };

    /** Those of a kernel: an entry may be of kernels `since` one version or `before` another. Throws when the file cannot be read. */
    ExpectedDifferences(const std::string& path, KernelVersion kernel);

    /** Takes the lines off that an entry explains; what is left nobody expects. */
    DifferenceLines unexplained(const std::string& case_name, const std::string& request, DifferenceLines lines);

    const std::vector<Entry>& entries() const { return entries_; }

private:
    std::vector<Entry> entries_;
};

}  // namespace uxfrm::differential
