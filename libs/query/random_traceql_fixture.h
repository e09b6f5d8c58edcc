// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <utility>

namespace clew::query {

// For tests: queries of all that the language has, about what RandomTraces gives. Most are
// valid, and most find something.
class RandomTraceql {
 public:
  explicit RandomTraceql(uint64_t seed) : random_(seed) {}

  std::string Search();   // selects traces
  std::string Metrics();  // numbers over time

  // How often each part of the language was written.
  const std::map<std::string, uint64_t>& used() const { return used_; }

 private:
  enum class Type : uint8_t { kNumber, kDuration, kText, kStatus, kKind, kAny };
  struct Field {
    std::string text;
    Type type;
  };

  size_t Below(size_t end) { return random_() % end; }
  bool Chance(size_t in) { return Below(in) == 0; }
  // One of some words, which is noted as used.
  std::string One(std::initializer_list<const char*> words);
  Field AnyField();
  std::string Number();
  std::string DurationText();
  std::string LiteralFor(Type type);
  std::string Comparison();
  std::string Expr(int depth);
  std::string Filter(int depth);
  std::string Spansets(int depth);
  std::string Aggregate();
  std::string Stage();
  std::string Pipeline(size_t most_stages);
  std::string Series();

  std::mt19937_64 random_;
  std::map<std::string, uint64_t> used_;
};

}  // namespace clew::query
