// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"
#include "query/block_rows.h"
#include "query/eval/value.h"
#include "traceql/ast.h"

namespace clew::query {

// The column that alone tells what an expression is in the rows of a group; none when no
// column does, and `absent` when it is the same in all rows.
struct CodedField {
  // kPlain: a flat column tells, but without codes; kList: it is an array whose elements have
  // codes, those of the entries of a row.
  enum class Kind : uint8_t { kCoded, kAbsent, kPlain, kList, kNone };
  Kind kind = Kind::kNone;
  const store::CodedRows* codes = nullptr;    // of kCoded
  const store::ColumnCells* cells = nullptr;  // of kPlain and kList
  // What an entry is, of kCoded and kPlain.
  std::function<Value(const store::ColumnCells&, size_t entry)> read{};
  Value absent{};  // where the column has no value

  // What it is in the rows of a code; holds for as long as the group. REQUIRES: kCoded, or
  // kAbsent, of which any code will do.
  Value ValueOf(uint32_t code) const;
};
base::Result<CodedField> CodedFieldOf(const traceql::FieldExpr& expr, BlockRows& group);

// What some expressions together are in the rows of a group: rows of one code have the same.
class ByCodes {
 public:
  // nullopt when codes do not tell, or there are too many.
  static base::Result<std::optional<ByCodes>> Of(const std::vector<traceql::FieldExpr>& by,
                                                 BlockRows& group);
  uint32_t code_count() const { return code_count_; }
  // What each expression is in the rows of a code; holds for as long as the group.
  void ValuesOf(uint32_t code, std::vector<Value>& values) const;
  // Adds the rows [first_row, end) to the counts of their codes. REQUIRES: of_one_column()
  void Count(uint32_t first_row, uint32_t end, std::span<uint32_t> counts);
  // The codes of those of rows [first_row, first_row + codes.size()) that are in the set.
  void Read(const RowSet& rows, uint32_t first_row, std::span<uint32_t> codes) const;

  // One column alone tells.
  bool of_one_column() const { return fields_.size() == 1; }
  // Its codes, which are those that are told here. REQUIRES: of_one_column()
  const store::CodedRows& column() const { return *fields_.front(); }

 private:
  std::vector<CodedField> all_;                  // one for each expression
  std::vector<const store::CodedRows*> fields_;  // of those that have codes
  uint32_t code_count_ = 1;
  std::vector<uint32_t> others_;  // of Count
};

}  // namespace clew::query
