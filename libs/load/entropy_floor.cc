// SPDX-License-Identifier: Apache-2.0
#include "load/entropy_floor.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include "base/check.h"
#include "base/hash.h"
#include "load/attribute_rules.h"
#include "load/exporter_schedule.h"
#include "load/span_encoder.h"
#include "wire/otlp_scan.h"

namespace clew::load {
namespace {

using model::ValueView;

// The values of a column by how often each came, and the bits that were not counted.
struct Column {
  std::unordered_map<uint64_t, uint64_t> counts;
  uint64_t values = 0;
  double drawn_bits = 0;

  void Count(uint64_t value) {
    ++counts[value];
    ++values;
  }
  double Bits() const {
    uint64_t counted = 0;
    double sum = 0;
    for (const auto& [value, count] : counts) {
      counted += count;
      sum += static_cast<double>(count) * std::log2(static_cast<double>(count));
    }
    const auto all = static_cast<double>(counted);
    return drawn_bits + (counted == 0 ? 0 : all * std::log2(all) - sum);
  }
};

// Of kAnyInteger: the class halves the range again and again, so small numbers are in
// every class. The number lies between 2^-(j+1) and 2^-j of the range with the density
// of the classes up to j.
double BitsOfAnyInteger(double range) {
  constexpr int kClasses = 8;
  double bits = 0;
  for (int j = 0; j < kClasses; ++j) {
    const double density = (std::exp2(j + 1) - 1) / (kClasses * range);
    const double width = range * std::exp2(j == kClasses - 1 ? -j : -(j + 1));
    bits -= density * width * std::log2(density);
  }
  return bits;
}

// The bits of values that are drawn from too many to count.
std::optional<double> DrawnBits(const AttributeRule& rule) {
  switch (rule.shape) {
    case Shape::kHex:
      return 4.0 * rule.values;
    case Shape::kAnyInteger:
      return BitsOfAnyInteger(rule.values);
    case Shape::kAnyDouble:
      return std::log2(rule.values);
    case Shape::kNumberedText:
      if (rule.zipf == 0) return std::log2(rule.values);
      break;
    case Shape::kText:
    case Shape::kInteger:
    case Shape::kFlag:
    case Shape::kTextArray:
    case Shape::kNested:
      break;
  }
  return std::nullopt;
}

uint64_t HashOf(const ValueView& value) {
  const auto type = static_cast<uint64_t>(value.type);
  switch (value.type) {
    case ValueView::Type::kInt:
      return Mix(static_cast<uint64_t>(value.integer) + type);
    case ValueView::Type::kDouble:
      return Mix(std::bit_cast<uint64_t>(value.number) + type);
    case ValueView::Type::kBool:
      return value.boolean ? 1 : 0;
    case ValueView::Type::kEmpty:
    case ValueView::Type::kString:
    case ValueView::Type::kArray:
    case ValueView::Type::kKeyValueList:
    case ValueView::Type::kBytes:
      break;
  }
  return base::Hash64(value.text, type);
}

std::string_view WithoutNumber(std::string_view text) {
  return text.substr(0, text.find_last_not_of("0123456789") + 1);
}

// Fills the columns that are read off the bodies.
class ColumnCounter final : public model::SpanSink {
 public:
  explicit ColumnCounter(std::map<std::string, Column, std::less<>>& columns)
      : columns_(columns),
        name_(columns["name"]),
        kind_(columns["kind"]),
        status_(columns["status message"]),
        keys_(columns["presence"]) {
    for (uint32_t role = 0; role < kRoleCount; ++role) {
      for (const AttributeRule& rule : RulesOf(static_cast<Role>(role))) {
        const auto [known, is_new] = by_key_.try_emplace(rule.key);
        if (is_new)
          known->second = {&columns["attribute " + std::string(rule.key)], DrawnBits(rule),
                           rule.shape == Shape::kNumberedText};
      }
    }
  }

  void OnResource(const model::ResourceView&) override { at_ = At::kResource; }
  void OnScope(const model::ScopeView&) override {}
  void OnSpan(const model::SpanView& span) override {
    EndSpan();
    at_ = At::kSpan;
    name_.Count(base::Hash64(span.name));
    kind_.Count(static_cast<uint64_t>(span.kind));
    if (!span.status_message.empty()) status_.Count(base::Hash64(span.status_message));
  }
  void OnEvent(const model::EventView&) override { at_ = At::kItem; }
  void OnLink(const model::LinkView&) override { at_ = At::kItem; }
  void OnAttribute(std::string_view key, const ValueView& value) override {
    if (at_ == At::kResource) return;
    if (at_ == At::kItem) {
      columns_["event " + std::string(key)].Count(HashOf(value));
      return;
    }
    key_set_ = Mix(key_set_ ^ base::Hash64(key));
    const auto& [column, bits, numbered] = by_key_.find(key)->second;
    if (!bits) return column->Count(HashOf(value));
    column->drawn_bits += *bits;
    ++column->values;
    // Such a text without its number is one of few.
    if (numbered) ++column->counts[base::Hash64(WithoutNumber(value.text))];
  }
  void OnRejectedSpan(model::RejectReason) override {}

  void EndSpan() {
    if (key_set_ != 0) keys_.Count(key_set_);
    key_set_ = 0;
  }

 private:
  struct Known {
    Column* column = nullptr;
    std::optional<double> bits;
    bool numbered = false;
  };
  enum class At : uint8_t { kResource, kSpan, kItem };

  std::map<std::string, Column, std::less<>>& columns_;
  Column& name_;
  Column& kind_;
  Column& status_;
  Column& keys_;
  std::unordered_map<std::string_view, Known> by_key_;
  uint64_t key_set_ = 0;
  At at_ = At::kResource;
};

double BitsOfChoices(double choices) {
  return std::log2(std::max(choices, 1.0));
}

// Fills the columns that are read off the plans.
void CountPlan(const TraceGenerator& generator, const SpanPlan& plan,
               std::map<std::string, Column, std::less<>>& columns) {
  const TraceShape shape = generator.Shape(plan.trace);
  const auto draw = [&](const char* column, double bits) {
    columns[column].drawn_bits += bits;
    ++columns[column].values;
  };
  const IdMode mode = generator.profile().id_mode;
  draw("span id", mode == IdMode::kSequential ? 0 : 64);
  if (plan.parent == kNoParent) {
    draw("trace id", mode == IdMode::kRandom ? 128 : mode == IdMode::k64Bit ? 64 : 0);
  }
  const TraceGenerator::TimeChoices choices = generator.ChoicesOf(shape, plan);
  draw("start", BitsOfChoices(choices.starts));
  draw("duration", BitsOfChoices(choices.durations));
  if (plan.index % shape.visit_width != 0) return;
  columns["instance"].Count(plan.instance);
  if (plan.parent != kNoParent) {
    const uint32_t visits = plan.index / shape.visit_width;
    draw("parent span id", BitsOfChoices(visits));
  }
}

}  // namespace

EntropyFloor ComputeEntropyFloor(const TraceGenerator& generator, uint64_t max_traces) {
  std::map<std::string, Column, std::less<>> columns;
  ColumnCounter counter(columns);
  SpanEncoder encoder(generator);
  ExporterSchedule schedule(generator, max_traces);
  base::ByteBuffer body;
  EntropyFloor floor;
  for (Batch batch = schedule.Next(); !batch.spans.empty(); batch = schedule.Next()) {
    encoder.EncodeBody(batch.spans, body);
    const base::Status scanned = wire::ScanOtlp(body.view(), counter);
    CHECK(scanned.ok());
    for (const SpanPlan& plan : batch.spans) CountPlan(generator, plan, columns);
    floor.spans += batch.spans.size();
  }
  counter.EndSpan();
  const auto spans = static_cast<double>(std::max<uint64_t>(floor.spans, 1));
  for (const auto& [name, column] : columns) {
    const double bytes = column.Bits() / 8 / spans;
    floor.bytes_per_span += bytes;
    floor.columns.push_back(
        {name, bytes, static_cast<double>(column.values) / spans, column.counts.size()});
  }
  std::ranges::sort(floor.columns, [](const ColumnFloor& a, const ColumnFloor& b) {
    return std::tuple(-a.bytes_per_span, a.column) < std::tuple(-b.bytes_per_span, b.column);
  });
  return floor;
}

}  // namespace clew::load
