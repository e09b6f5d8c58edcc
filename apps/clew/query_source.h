// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "server_call.h"

namespace clew {

// What is asked of the query API.
struct QueryCall {
  std::string path;  // "/api/search", or "/api/clew/v1/trace/{id}/ledger"
  std::vector<std::pair<std::string, std::string>> parameters;
  std::string accept = "application/json";
  std::string argument{};  // what stands for the {…} of the path
};

struct QueryReply {
  std::string body;
  std::string partial{};  // why it may lack something; empty: it does not
};

// Answers as the query API does. One thread.
class QuerySource {
 public:
  virtual ~QuerySource() = default;
  // kInvalidArgument where the question is wrong; kNotFound where there is no such thing; anything
  // else is the matter of the source.
  virtual base::Result<QueryReply> Ask(const QueryCall& call) = 0;
};

// What a source says when it has no trace of the call's argument.
base::Error NothingFound(const QueryCall& call);

// A running server.
std::unique_ptr<QuerySource> MakeServerSource(ServerAddress server, std::string tenant);
// A data directory, looked at only: a server may be using it. Each question is answered from all
// that is there by then, the log included.
std::unique_ptr<QuerySource> MakeDirectorySource(std::string directory, std::string tenant);

}  // namespace clew
