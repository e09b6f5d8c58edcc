// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "query/eval/value.h"
#include "traceql/ast.h"

namespace clew::query {

// Keeps texts that are made while values are read: hex of ids, nested values.
class TextArena {
 public:
  std::string_view Keep(std::string text) {
    size_bytes_ += sizeof(std::string) + text.size();
    return texts_.emplace_back(std::move(text));
  }
  void Clear() {
    texts_.clear();
    size_bytes_ = 0;
  }
  size_t size_bytes() const { return size_bytes_; }

 private:
  std::deque<std::string> texts_;
  size_t size_bytes_ = 0;
};

// One field of the rows of a source. Thread-safe.
class RowField {
 public:
  virtual ~RowField() = default;
  // Texts hold for as long as the source and the arena.
  virtual Value Read(uint32_t row, TextArena& texts) const = 0;
};

// Makes the fields that rows of one source have by themselves: attributes, and intrinsics
// that need no more than the span. One thread; what it makes does not outlive the source.
class RowFields {
 public:
  virtual ~RowFields() = default;
  // One without a scope is looked for in the span, its resource, events, links and scope;
  // the first of these that has it counts. Of events and links it is the values of all.
  virtual base::Result<std::unique_ptr<RowField>> Make(const traceql::Attribute& attribute) = 0;
  // REQUIRES: IsOfRow(intrinsic)
  virtual base::Result<std::unique_ptr<RowField>> Make(traceql::Intrinsic intrinsic) = 0;
  // What spans and resources of the source have: each once, and perhaps some that none has.
  virtual base::Result<std::vector<traceql::Attribute>> Attributes() = 0;
};

// Whether an intrinsic is a matter of the span alone, and not of its place in the trace.
bool IsOfRow(traceql::Intrinsic intrinsic);

// What an attribute is where there is none: nil, but that every resource has the name of a
// service, which may be empty.
Value AbsentValueOf(const traceql::Attribute& attribute);

// Ids are hex; that of a trace is compared without the zeros it begins with.
std::string_view WithoutLeadingZeros(std::string_view hex);

}  // namespace clew::query
