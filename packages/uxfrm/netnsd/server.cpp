#include "server.h"

#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "requests.h"

namespace netnsd {

namespace {

using nlohmann::json;
using std::chrono::steady_clock;

constexpr std::chrono::milliseconds quiet_time{500};
/** A whole packet filter with a chain for each of a thousand tunnels is a megabyte. */
constexpr size_t largest_request = 64 * 1024 * 1024;

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

template <typename Work>
struct OnExit {
    Work work;
    ~OnExit() { work(); }
};
template <typename Work>
OnExit<Work> on_exit(Work work) {
    return {std::move(work)};
}

void watch_fd(int epoll, int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0) fail("epoll");
}

}  // namespace

Server::Server() : epoll_(epoll_create1(EPOLL_CLOEXEC)), names_(inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
    if (!epoll_) fail("epoll");
    if (!names_) fail("inotify");
    mkdir(names_folder, 0755);
    if (inotify_add_watch(names_.get(), names_folder, IN_DELETE | IN_MOVED_FROM) < 0) fail(names_folder);
    watch_fd(epoll_.get(), names_.get());
    watch_fd(epoll_.get(), STDIN_FILENO);
}

void Server::run() {
    epoll_event events[64];
    while (!is_at_end_) {
        const int count = epoll_wait(epoll_.get(), events, 64, milliseconds_to_wait());
        if (count < 0 && errno != EINTR) fail("epoll");
        for (int index = 0; index < count; ++index) {
            const int fd = events[index].data.fd;
            if (fd == names_.get()) read_names();
            if (fd == STDIN_FILENO) read_requests();
            const auto found = by_fd_.find(fd);
            if (found == by_fd_.end()) continue;
            Watched& watched = watched_.at(found->second);
            note(watched, watched.where->monitor()->drain({}));
        }
        tell_news();
    }
}

void Server::read_requests() {
    static std::vector<char> buffer(1024 * 1024);
    const ssize_t size = read(STDIN_FILENO, buffer.data(), buffer.size());
    if (size < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (size <= 0) {
        is_at_end_ = true;
        return;
    }
    size_t searched = input_.size();
    input_.append(buffer.data(), static_cast<size_t>(size));
    size_t start = 0;
    for (size_t end; (end = input_.find('\n', searched)) != std::string::npos; start = searched = end + 1)
        handle(input_.substr(start, end - start));
    input_.erase(0, start);
    if (input_.size() > largest_request) throw std::runtime_error("a request is too large");
}

void Server::handle(const std::string& line) {
    const json request = json::parse(line);
    json message{{"id", request.at("id")}};
    try {
        message["result"] = work(request);
    } catch (const std::exception& error) {
        message["error"] = error.what();
    }
    write_line(message);
}

json Server::work(const json& request) {
    std::optional<std::string> name;
    if (!request.at("netns").is_null()) name = request.at("netns").get<std::string>();
    const std::string what = request.at("do").get<std::string>();
    if (what == "add") return namespaces_.add(name.value());
    if (what == "remove") return namespaces_.remove(name.value());
    const std::shared_ptr<Namespace> where = namespaces_.enter(name);
    const auto found = watched_.find(name.value_or(""));
    Watched* watched = found != watched_.end() && found->second.where == where ? &found->second : nullptr;
    const auto listen = [&](OwnChanges own) {
        if (watched != nullptr) note(*watched, where->monitor()->drain(own));
    };
    // What has come before is not our doing, nor is what comes while we only read.
    listen({});
    const OwnChanges own = changes_of(what);
    if (watched != nullptr && what == "look") forget_news(*watched);
    const auto after = on_exit([&] { listen(own); });
    json answer = do_request(request, home_, namespaces_, *where, [&] { listen(own); });
    if (where->monitor() != nullptr && watched == nullptr) start_watching(name, where);
    return answer;
}

void Server::start_watching(const std::optional<std::string>& name, const std::shared_ptr<Namespace>& where) {
    const std::string key = name.value_or("");
    stop_watching(key);
    watched_[key] = {name, where, {}, steady_clock::now()};
    for (const int fd : where->monitor()->fds()) {
        watch_fd(epoll_.get(), fd);
        by_fd_[fd] = key;
    }
}

/** Its descriptors leave epoll when they are closed. */
void Server::stop_watching(const std::string& name) {
    const auto found = watched_.find(name);
    if (found == watched_.end()) return;
    for (const int fd : found->second.where->monitor()->fds()) {
        epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
        by_fd_.erase(fd);
    }
    loud_.erase(name);
    watched_.erase(found);
}

/** A namespace without a name shall end: it is let go of. */
void Server::read_names() {
    alignas(inotify_event) char buffer[16 * 1024];
    ssize_t size;
    while ((size = read(names_.get(), buffer, sizeof(buffer))) > 0) {
        for (ssize_t at = 0; at < size;) {
            const auto* event = reinterpret_cast<const inotify_event*>(buffer + at);
            at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
            if (event->len == 0) continue;
            const std::string name = event->name;
            if (watched_.count(name) > 0) write_line({{"netns", name}, {"changed", {"gone"}}});
            stop_watching(name);
            namespaces_.forget(name);
        }
    }
}

void Server::note(Watched& watched, std::set<std::string> changes) {
    if (changes.empty()) return;
    watched.news.merge(changes);
    loud_.insert(watched.name.value_or(""));
}

/** What is about to be read is no news any more. */
void Server::forget_news(Watched& watched) {
    watched.news.clear();
    loud_.erase(watched.name.value_or(""));
}

void Server::tell_news() {
    const auto now = steady_clock::now();
    for (auto next = loud_.begin(); next != loud_.end();) {
        const auto at = next++;
        Watched& watched = watched_.at(*at);
        if (watched.quiet_until > now) continue;
        write_line({{"netns", watched.name ? json(*watched.name) : json()}, {"changed", watched.news}});
        watched.news.clear();
        watched.quiet_until = now + quiet_time;
        loud_.erase(at);
    }
}

int Server::milliseconds_to_wait() const {
    if (loud_.empty()) return -1;
    auto earliest = steady_clock::time_point::max();
    for (const std::string& name : loud_) earliest = std::min(earliest, watched_.at(name).quiet_until);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(earliest - steady_clock::now());
    return static_cast<int>(std::max<long>(0, left.count()));
}

void Server::write_line(const json& message) {
    // What devices are called need not be UTF-8.
    const std::string line = message.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
    for (size_t at = 0; at < line.size();) {
        const ssize_t size = write(STDOUT_FILENO, line.data() + at, line.size() - at);
        if (size >= 0) at += static_cast<size_t>(size);
        else if (errno != EINTR) fail("standard output");
    }
}

}  // namespace netnsd
