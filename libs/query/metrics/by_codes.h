// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "query/block_rows.h"
#include "traceql/ast.h"

namespace clew::query {

// The column that alone tells what an expression is in the rows of a group; none when no
// column does, and `absent` when it is the same in all rows.
struct CodedField {
  enum class Kind : uint8_t { kCoded, kAbsent, kNone };
  Kind kind = Kind::kNone;
  const store::CodedRows* codes = nullptr;  // of kCoded
};
base::Result<CodedField> CodedFieldOf(const traceql::FieldExpr& expr, BlockRows& group);

// What some expressions together are in the rows of a group: rows of one code have the same.
class ByCodes {
 public:
  // nullopt when codes do not tell, or there are too many.
  static base::Result<std::optional<ByCodes>> Of(const std::vector<traceql::FieldExpr>& by,
                                                 BlockRows& group);
  uint32_t code_count() const { return code_count_; }
  // Adds the rows [first_row, end) to the counts of their codes.
  void Count(uint32_t first_row, uint32_t end, std::span<uint32_t> counts) const;
  // The codes of rows [first_row, first_row + codes.size()).
  void Read(uint32_t first_row, std::span<uint32_t> codes) const;

  // Count does it at little cost.
  bool counts_fast() const { return fields_.size() == 1; }

 private:
  std::vector<const store::CodedRows*> fields_;
  uint32_t code_count_ = 1;
};

}  // namespace clew::query
