// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "query/block_rows.h"
#include "query/eval/row_field.h"

namespace clew::query {

// Of the rows of one row group of a block, whose columns are read when a field is made.
class BlockFields final : public RowFields {
 public:
  // `group` outlives it, and what is made from it.
  explicit BlockFields(BlockRows& group) : group_(group) {}

  base::Result<std::unique_ptr<RowField>> Make(const traceql::Attribute& attribute) override;
  base::Result<std::unique_ptr<RowField>> Make(traceql::Intrinsic intrinsic) override;
  base::Result<std::vector<traceql::Attribute>> Attributes() override;

 private:
  BlockRows& group_;
};

}  // namespace clew::query
