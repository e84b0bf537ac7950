#include "expected_differences.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace uxfrm::differential {

namespace {

bool applies(const nlohmann::json& item, KernelVersion kernel) {
    if (item.contains("since") && kernel < kernel_version(item.at("since"))) return false;
    return !item.contains("before") || kernel < kernel_version(item.at("before"));
}

}  // namespace

KernelVersion kernel_version(const std::string& release) {
    KernelVersion version;
    if (std::sscanf(release.c_str(), "%u.%u", &version.first, &version.second) != 2)
        throw std::runtime_error(release + ": no version of a kernel");
    return version;
}

ExpectedDifferences::ExpectedDifferences(const std::string& path, KernelVersion kernel) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error(path + ": cannot be read");
    for (const auto& item : nlohmann::json::parse(file)) {
        if (!applies(item, kernel)) continue;
        Entry entry;
        entry.name = item.at("name");
        entry.case_name = std::regex(item.value("case", ""));
        entry.request = std::regex(item.value("request", ""));
        for (const auto& line : item.at("lines")) entry.lines.emplace_back(line.get<std::string>());
        entries_.push_back(std::move(entry));
    }
}

DifferenceLines ExpectedDifferences::unexplained(const std::string& case_name, const std::string& request, DifferenceLines lines) {
    for (Entry& entry : entries_) {
        if (lines.empty()) break;
        if (!std::regex_search(case_name, entry.case_name) || !std::regex_search(request, entry.request)) continue;
        const size_t before = lines.size();
        const auto explained = [&](const std::string& line) {
            return std::any_of(entry.lines.begin(), entry.lines.end(), [&](const std::regex& wanted) { return std::regex_search(line, wanted); });
        };
        lines.erase(std::remove_if(lines.begin(), lines.end(), explained), lines.end());
        if (lines.size() != before) ++entry.seen;
    }
    return lines;
}

}  // namespace uxfrm::differential
