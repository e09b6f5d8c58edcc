// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>

#include "query/eval/field.h"

namespace clew::query {

// The expressions of a query, each made ready once for one memtable. One thread.
class FieldSet {
 public:
  // Both outlive it, and so do the expressions.
  FieldSet(const store::Memtable& memtable, Regexes& regexes)
      : memtable_(memtable), regexes_(regexes) {}

  const Field& Get(const traceql::FieldExpr& expr) {
    std::unique_ptr<Field>& field = fields_[&expr];
    if (field == nullptr) field = MakeField(expr, memtable_, regexes_);
    return *field;
  }

 private:
  const store::Memtable& memtable_;
  Regexes& regexes_;
  std::map<const traceql::FieldExpr*, std::unique_ptr<Field>> fields_;
};

}  // namespace clew::query
