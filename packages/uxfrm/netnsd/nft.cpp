#include "nft.h"

#include <nftables/libnftables.h>

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <system_error>

#include "file_descriptor.h"
#include "words.h"

namespace netnsd {

namespace {

constexpr size_t most_error_text = 16 * 1024;

/** Its socket is bound to the namespace that it is made in. */
class Context {
public:
    Context() : context_(nft_ctx_new(NFT_CTX_DEFAULT), nft_ctx_free) {
        if (context_ == nullptr) throw RequestError("nft cannot be had");
        nft_ctx_buffer_output(context_.get());
        nft_ctx_buffer_error(context_.get());
    }

    nft_ctx* get() { return context_.get(); }

    void check(int result) {
        if (result == 0) return;
        const char* text = nft_ctx_get_error_buffer(context_.get());
        throw RequestError(text == nullptr || *text == '\0' ? "nft refuses without a word" : std::string(text).substr(0, most_error_text));
    }

private:
    std::unique_ptr<nft_ctx, decltype(&nft_ctx_free)> context_;
};

}  // namespace

std::string list_nft(const std::string& commands) {
    Context context;
    nft_ctx_output_set_flags(context.get(), NFT_CTX_OUTPUT_JSON);
    context.check(nft_run_cmd_from_buffer(context.get(), commands.c_str()));
    const char* output = nft_ctx_get_output_buffer(context.get());
    return output == nullptr ? "" : output;
}

void run_nft(const std::string& script) {
    // Of a file nft says which line it does not like.
    const uxfrm::FileDescriptor file(memfd_create("script", MFD_CLOEXEC));
    for (size_t at = 0; at < script.size();) {
        const ssize_t size = write(file.get(), script.data() + at, script.size() - at);
        if (size < 0) throw RequestError("the script cannot be kept: " + std::generic_category().message(errno));
        at += static_cast<size_t>(size);
    }
    Context context;
    const std::string path = "/proc/self/fd/" + std::to_string(file.get());
    context.check(nft_run_cmd_from_filename(context.get(), path.c_str()));
}

}  // namespace netnsd
