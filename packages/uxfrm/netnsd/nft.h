#pragma once

#include <string>

namespace netnsd {

/** Runs commands or a script of nft(8) in the namespace that the calling thread is in; throws RequestError with what nft says. */
std::string run_nft(const std::string& commands, bool as_json);

}  // namespace netnsd
