// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "query/eval/field.h"
#include "traceql/print.h"

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
  // The attributes of spans and resources of the source, as they are printed; none is made ready.
  struct NamedField {
    std::string name;
    const traceql::FieldExpr* expr;
  };
  base::Result<const std::vector<NamedField>*> All() {
    if (all_) return &*all_;
    std::vector<NamedField> all;
    for (traceql::Attribute& attribute : TRY(rows_.Attributes())) {
      std::string name = traceql::Print(attribute);
      exprs_.push_back({.node = std::move(attribute)});
      all.push_back({std::move(name), &exprs_.back()});
    }
    all_ = std::move(all);
    return &*all_;
  }
  // Of what evaluation makes.
  TextArena& texts() { return texts_; }
  // Nobody looks at values that were read before any more.
  void ForgetTexts() {
    if (texts_.size_bytes() < kMostTextBytes) return;
    texts_.Clear();
    source_ = NextSource();
  }
  // A number that no other has. While it stays, texts stay where they are, so those that lie
  // in one place are one text.
  uint64_t source() const { return source_; }

 private:
  static constexpr size_t kMostTextBytes = size_t{1} << 20;
  static uint64_t NextSource() {
    static std::atomic<uint64_t> last = 0;
    return ++last;
  }

  RowFields& rows_;
  Regexes& regexes_;
  TextArena texts_;
  uint64_t source_ = NextSource();
  std::map<const traceql::FieldExpr*, std::unique_ptr<Field>> fields_;
  std::deque<traceql::FieldExpr> exprs_;  // of all_
  std::optional<std::vector<NamedField>> all_;
};

}  // namespace clew::query
