// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace clew::ingest {

// What an attribute belongs to.
enum class AttributeScope : uint8_t { kResource, kInstrumentation, kSpan, kEvent, kLink };

enum class RedactAction : uint8_t { kKeep, kDrop, kHash };

// Which attributes are not stored as they came. Immutable.
class RedactRules {
 public:
  // Rules such as "drop:span.http.request.header.*" and "hash:enduser.id": an action, and a key
  // as TraceQL writes it, of one scope or, with none or a leading dot, of all. A '*' at the end
  // stands for any rest. kInvalidArgument names the rule that is none and says why.
  static base::Result<RedactRules> Parse(const std::vector<std::string>& rules);

  // Of the first rule that is about the attribute.
  RedactAction ActionFor(AttributeScope scope, std::string_view key) const;

  bool empty() const { return rules_.empty(); }
  bool hashes() const;

 private:
  struct Rule {
    RedactAction action = RedactAction::kDrop;
    std::optional<AttributeScope> scope{};  // nullopt: every one
    std::string key{};
    bool is_prefix = false;  // of the keys that are meant
  };
  static base::Result<Rule> ParseRule(const std::string& text);

  std::vector<Rule> rules_;
};

}  // namespace clew::ingest
