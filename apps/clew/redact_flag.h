// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "ingest/redact/redactor.h"

namespace CLI {
class App;
}

// What is not stored as it came, as flags say it.
namespace clew {

struct RedactFlags {
  std::vector<std::string> rules;  // see ingest::RedactRules
  std::string key_file;            // of hashes; empty: one in the data directory
};

void AddRedactFlags(CLI::App& command, RedactFlags& flags);

// Null without a rule. kInvalidArgument names the rule that is none and says why; the error of the
// file when the key cannot be read or made. The data directory is there.
base::Result<std::unique_ptr<const ingest::Redactor>> MakeRedactor(const RedactFlags& flags,
                                                                   const std::string& directory);

}  // namespace clew
