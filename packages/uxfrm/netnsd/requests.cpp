#include "requests.h"

#include "ip_change.h"
#include "ip_show.h"
#include "nft.h"
#include "sysctl.h"

namespace netnsd {

namespace {

using nlohmann::json;

/** Much less than what a monitor's socket has room for. */
constexpr size_t changes_at_once = 32;

json change(const json& lines, const Namespaces& namespaces, Namespace& where, const std::function<void()>& listen) {
    IpChanges changes(where.route(), namespaces);
    json outcomes = json::array();
    for (const json& line : lines) {
        if (outcomes.size() % changes_at_once == changes_at_once - 1) listen();
        const auto problem = changes.make(line.get<std::string>());
        outcomes.push_back(problem ? json(*problem) : json());
    }
    return outcomes;
}

json show_all(const json& queries, Namespace& where) {
    json answers = json::array();
    for (const json& query : queries) answers.push_back(show(where.route(), query.get<std::string>()));
    return answers;
}

json read_sysctls(const json& paths) {
    json values = json::array();
    for (const json& path : paths) {
        const auto value = read_sysctl(path.get<std::string>());
        values.push_back(value ? json(*value) : json());
    }
    return values;
}

json look(const json& request, const Home& home, Namespace& where) {
    json answer{{"answers", show_all(request.at("queries"), where)}};
    home.away(where.fd(), [&] {
        answer["values"] = read_sysctls(request.at("paths"));
        answer["nft"] = list_nft(request.at("commands").get<std::string>());
    });
    return answer;
}

/** All are tried; throws what the first says that is refused. */
json write_sysctls(const json& values) {
    std::string problem;
    for (const json& value : values) {
        try {
            write_sysctl(value.at(0).get<std::string>(), value.at(1).get<std::string>());
        } catch (const RequestError& error) {
            if (problem.empty()) problem = error.what();
        }
    }
    if (!problem.empty()) throw RequestError(problem);
    return nullptr;
}

void expect(const json& devices, Namespace& where) {
    if (where.monitor() != nullptr) where.monitor()->expect(devices.get<std::set<std::string>>());
}

}  // namespace

OwnChanges changes_of(const std::string& what) {
    if (what == "change" || what == "sysctl-write") return {true, false};
    if (what == "nft-run") return {false, true};
    return {};
}

json do_request(const json& request, const Home& home, const Namespaces& namespaces, Namespace& where,
                const std::function<void()>& listen) {
    const std::string what = request.at("do").get<std::string>();
    json answer;
    if (what == "show")
        answer = show_all(request.at("queries"), where);
    else if (what == "look")
        answer = look(request, home, where);
    else if (what == "change")
        answer = change(request.at("lines"), namespaces, where, listen);
    else if (what == "nft-list")
        home.away(where.fd(), [&] { answer = list_nft(request.at("commands").get<std::string>()); });
    else if (what == "nft-run")
        home.away(where.fd(), [&] { run_nft(request.at("script").get<std::string>()); });
    else if (what == "sysctl-read")
        home.away(where.fd(), [&] { answer = read_sysctls(request.at("paths")); });
    else if (what == "sysctl-write")
        home.away(where.fd(), [&] { answer = write_sysctls(request.at("values")); });
    else if (what == "watch")
        where.watch(home);
    else if (what == "expect")
        expect(request.at("devices"), where);
    else
        throw RequestError("nobody knows how to do " + what);
    return answer;
}

}  // namespace netnsd
