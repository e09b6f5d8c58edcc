// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "base/counter.h"

namespace clew::base {

// Metrics in the text format of Prometheus (version 0.0.4): for each family its help, its type
// and its samples. Names are the caller's matter: counters end with _total, units are bytes and
// seconds.
class MetricsText {
 public:
  // Names and values; values are escaped here. Views hold during a call.
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  // Begins a family, whose samples follow. A name comes once.
  void BeginCounter(std::string_view name, std::string_view help) { Begin(name, help, "counter"); }
  void BeginGauge(std::string_view name, std::string_view help) { Begin(name, help, "gauge"); }
  void BeginHistogram(std::string_view name, std::string_view help) {
    Begin(name, help, "histogram");
  }
  void Sample(Labels labels, uint64_t value);
  void Sample(Labels labels, double value);
  // REQUIRES: a histogram was begun
  void Sample(Labels labels, const DurationHistogram::Counts& counts);

  // A family of one sample without labels.
  template <typename Number>
  void Counter(std::string_view name, std::string_view help, Number value) {
    BeginCounter(name, help);
    Sample({}, value);
  }
  template <typename Number>
  void Gauge(std::string_view name, std::string_view help, Number value) {
    BeginGauge(name, help);
    Sample({}, value);
  }

  std::string Take() { return std::move(text_); }

 private:
  void Begin(std::string_view name, std::string_view help, std::string_view type);
  // One line; `le`, if any, becomes the last label.
  void Line(std::string_view suffix, Labels labels, std::string_view le, std::string_view value);

  std::string name_;
  std::string text_;
};

}  // namespace clew::base
