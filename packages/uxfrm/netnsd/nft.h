#pragma once

#include <string>

namespace netnsd {

/** Both in the namespace that the calling thread is in; throw RequestError with what nft says. */

/** What `nft -j` prints for commands. */
std::string list_nft(const std::string& commands);
/** A script of nft(8), one transaction. */
void run_nft(const std::string& script);

}  // namespace netnsd
