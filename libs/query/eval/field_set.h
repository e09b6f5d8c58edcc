// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>

#include "query/eval/field.h"

namespace clew::query {

// The expressions of a query, each made ready once for one source. One thread.
class FieldSet {
 public:
  // All outlive it, and so do the expressions.
  FieldSet(RowFields& rows, Regexes& regexes) : rows_(rows), regexes_(regexes) {}

  base::Result<const Field*> Get(const traceql::FieldExpr& expr) {
    std::unique_ptr<Field>& field = fields_[&expr];
    if (field == nullptr) field = TRY(MakeField(expr, rows_, regexes_));
    return field.get();
  }
  // Of what evaluation makes, for as long as the caller says.
  TextArena& texts() { return texts_; }

 private:
  RowFields& rows_;
  Regexes& regexes_;
  TextArena texts_;
  std::map<const traceql::FieldExpr*, std::unique_ptr<Field>> fields_;
};

}  // namespace clew::query
