#include "nft.h"

#include <nftables/libnftables.h>

#include <memory>

#include "words.h"

namespace netnsd {

namespace {

constexpr size_t most_error_text = 16 * 1024;

}  // namespace

std::string run_nft(const std::string& commands, bool as_json) {
    // Its socket is bound to the namespace that it is made in.
    const std::unique_ptr<nft_ctx, decltype(&nft_ctx_free)> context(nft_ctx_new(NFT_CTX_DEFAULT), nft_ctx_free);
    if (context == nullptr) throw RequestError("nft cannot be had");
    if (as_json) nft_ctx_output_set_flags(context.get(), NFT_CTX_OUTPUT_JSON);
    nft_ctx_buffer_output(context.get());
    nft_ctx_buffer_error(context.get());
    if (nft_run_cmd_from_buffer(context.get(), commands.c_str()) != 0) {
        const char* text = nft_ctx_get_error_buffer(context.get());
        throw RequestError(text == nullptr || *text == '\0' ? "nft refuses without a word" : std::string(text).substr(0, most_error_text));
    }
    const char* output = nft_ctx_get_output_buffer(context.get());
    return output == nullptr ? "" : output;
}

}  // namespace netnsd
