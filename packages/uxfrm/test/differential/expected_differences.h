#pragma once

#include <regex>
#include <string>
#include <vector>

namespace uxfrm::differential {

/** What only the kernel ("- …") or only uxfrm ("+ …") answers to one request. */
using DifferenceLines = std::vector<std::string>;

/** The differences that are meant to be (expected-differences.json), and whether each still occurs. */
class ExpectedDifferences {
public:
    struct Entry {
        std::string name;
        std::regex case_name;
        std::regex request;
        std::vector<std::regex> lines;
        size_t seen = 0;
    };

    /** Throws when the file cannot be read. */
    explicit ExpectedDifferences(const std::string& path);

    /** Takes the lines off that an entry explains; what is left nobody expects. */
    DifferenceLines unexplained(const std::string& case_name, const std::string& request, DifferenceLines lines);

    const std::vector<Entry>& entries() const { return entries_; }

private:
    std::vector<Entry> entries_;
};

}  // namespace uxfrm::differential
