#pragma once

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "file_descriptor.h"
#include "home.h"
#include "namespaces.h"

namespace netnsd {

/**
 * Speaks JSON, a line each, on standard input and output, until the input ends. Requests carry an `id` and are answered in
 * their order by `{id, result}` or `{id, error}`. What others change in a watched namespace is told by `{netns, changed: [words]}`, at
 * once and then not again for half a second, unless it is looked at before; that a watched namespace is gone by the word `gone`.
 */
class Server {
public:
    Server();
    void run();

private:
    struct Watched {
        std::optional<std::string> name;
        std::shared_ptr<Namespace> where;
        /** Not told yet. */
        std::set<std::string> news;
        std::chrono::steady_clock::time_point quiet_until;
    };

    void read_requests();
    void handle(const std::string& line);
    nlohmann::json work(const nlohmann::json& request);
    void read_names();
    void start_watching(const std::optional<std::string>& name, const std::shared_ptr<Namespace>& where);
    void stop_watching(const std::string& name);
    void note(Watched& watched, std::set<std::string> changes);
    void forget_news(Watched& watched);
    void tell_news();
    int milliseconds_to_wait() const;
    void write_line(const nlohmann::json& message);

    Home home_;
    Namespaces namespaces_{home_};
    uxfrm::FileDescriptor epoll_;
    uxfrm::FileDescriptor names_;
    std::string input_;
    bool is_at_end_ = false;
    /** By name, "" for the own one. */
    std::unordered_map<std::string, Watched> watched_;
    /** Names in watched_, by descriptor of their monitor. */
    std::unordered_map<int, std::string> by_fd_;
    /** Of those with news. */
    std::set<std::string> loud_;
};

}  // namespace netnsd
