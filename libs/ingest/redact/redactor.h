// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "ingest/redact/keyed_hash.h"
#include "ingest/redact/redact_rules.h"
#include "wire/body.h"

namespace clew::ingest {

// Takes attributes out of bodies, or hashes their values, before anything of them is kept.
// Immutable.
class Redactor {
 public:
  // REQUIRES: `hash` is there when a rule hashes.
  Redactor(RedactRules rules, std::optional<KeyedHash> hash);

  // The plain body as OTLP in protobuf, with all it says but what the rules take away, and without
  // spans that are rejected. The same body always gives the same bytes. Errors as those of
  // wire::Scan.
  base::Result<std::string> Rewrite(wire::Format format, std::string_view plain) const;

 private:
  const RedactRules rules_;
  const std::optional<KeyedHash> hash_;
};

}  // namespace clew::ingest
