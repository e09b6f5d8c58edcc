// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "query/eval/row_field.h"
#include "store/memtable.h"

namespace clew::query {

// Of the rows that are there when a field is made.
class MemtableFields final : public RowFields {
 public:
  // `memtable` outlives it, and what is made from it.
  explicit MemtableFields(const store::Memtable& memtable) : memtable_(memtable) {}

  base::Result<std::unique_ptr<RowField>> Make(const traceql::Attribute& attribute) override;
  base::Result<std::unique_ptr<RowField>> Make(traceql::Intrinsic intrinsic) override;
  base::Result<std::vector<traceql::Attribute>> Attributes() override;

 private:
  const store::Memtable& memtable_;
};

}  // namespace clew::query
