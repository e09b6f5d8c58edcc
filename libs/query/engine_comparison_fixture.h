// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "query/layouts_fixture.h"
#include "query/scan_threads.h"
#include "reference/span.h"
#include "traceql/ast.h"

namespace clew::query {

// For tests: random traces laid out in several ways, and what the engine answers over them
// beside what the reference answers.
class EngineComparison {
 public:
  explicit EngineComparison(uint64_t seed);

  struct Outcome {
    bool found_something = false;
    // What tells the two answers apart, and of which question; empty: nothing does.
    std::string difference{};
  };
  // One layout and a limit, a range and so on at random. nullopt: the text is no valid query of
  // that kind.
  std::optional<Outcome> Search(const std::string& text);
  std::optional<Outcome> Metrics(const std::string& text);
  // The same over sources from elsewhere that hold these traces.
  std::optional<Outcome> Search(const std::string& text, const store::Sources& sources);
  std::optional<Outcome> Metrics(const std::string& text, const store::Sources& sources);

  // What the layouts are made of.
  const std::vector<Layouts::Part>& parts() const { return parts_; }

 private:
  // Of Search and Metrics over a layout: adds which it was to a difference.
  std::optional<Outcome> OverSome(
      std::optional<Outcome> (EngineComparison::*ask)(const std::string&, const store::Sources&),
      const std::string& text);
  int64_t RandomTime();

  std::mt19937_64 random_;
  const std::vector<reference::Trace> traces_;
  const std::vector<Layouts::Part> parts_;
  Layouts layouts_;
  std::vector<store::Sources> sources_;
  ScanThreads threads_{1};
};

}  // namespace clew::query
