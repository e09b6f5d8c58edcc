// SPDX-License-Identifier: Apache-2.0
#include "query/trace_attributes.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "query/eval/mentioned_fields.h"
#include "traceql/intrinsics.h"
#include "traceql/print.h"

namespace clew::query {
namespace {

using ledger::Attribute;
using traceql::Intrinsic;

// What has been found of a trace is made small once it is so much.
constexpr size_t kManyFound = 65'536;
constexpr uint64_t kBytesOfText = 96;  // what keeping a text takes besides it
constexpr uint64_t kBytesOfTrace = 64;
constexpr std::string_view kTooMuch = "too many attributes to compare; read fewer traces";

}  // namespace

TraceAttributeReader::TraceAttributeReader(ledger::Names& texts, MemoryBudget* memory)
    : texts_(texts),
      memory_(memory),
      intrinsics_{{{.node = Intrinsic::kName},
                   {.node = Intrinsic::kStatus},
                   {.node = Intrinsic::kStatusMessage}}} {}

base::Status TraceAttributeReader::Read(const TraceView& view, FieldSet& fields, uint64_t nanos,
                                        Cancellation& cancellation, SetAttributes& set) {
  if (set.bytes >= SetAttributes::kMostBytes) {
    ++set.unread;
    return {};
  }
  const uint64_t text_bytes = text_bytes_;
  std::vector<Column> columns = TRY(ColumnsOf(fields));
  found_.clear();
  size_t limit = kManyFound;
  for (uint32_t span = 0; span < view.size(); ++span) {
    const SpanAt at = SpanAt::Of(view, span, fields.texts());
    for (Column& column : columns) {
      if (cancellation.CancelledAfterRow()) return QueryCancelled();
      Add(column, column.field->Evaluate(at));
    }
    fields.ForgetTexts();
    if (found_.size() < limit) continue;
    TRY(Settle());
    std::erase_if(columns, [&](const Column& column) { return too_many_.contains(column.key); });
    limit = std::max(kManyFound, 2 * found_.size());
  }
  TRY(Settle());
  const uint64_t bytes = kBytesOfTrace + found_.size() * sizeof(Attribute);
  set.bytes += bytes + text_bytes_ - text_bytes;
  set.traces.push_back({.nanos = nanos, .attributes = {found_.begin(), found_.end()}});
  return MemoryBudget::Charge(memory_, bytes, kTooMuch);
}

base::Result<std::vector<TraceAttributeReader::Column>> TraceAttributeReader::ColumnsOf(
    FieldSet& fields) {
  std::vector<Column> columns;
  const auto add = [&](std::string_view name, const Field* field) {
    const uint32_t key = texts_.CodeOf(name);
    if (!too_many_.contains(key)) columns.push_back({field, key, ledger::kNone});
  };
  for (const traceql::FieldExpr& expr : intrinsics_) {
    add(traceql::NameOf(std::get<Intrinsic>(expr.node)), TRY(fields.Get(expr)));
  }
  for (const FieldSet::NamedField& named : *TRY(fields.All())) {
    add(named.name, TRY(fields.Get(*named.expr)));
  }
  return columns;
}

void TraceAttributeReader::Add(Column& column, const Value& value) {
  value.ForEach([&](const Scalar& scalar) {
    const uint32_t code = CodeOf(scalar);
    // Spans of one resource follow each other.
    if (code == ledger::kNone || code == column.last) return;
    column.last = code;
    found_.push_back({.key = column.key, .value = code});
  });
}

uint32_t TraceAttributeReader::CodeOf(const Scalar& scalar) {
  if (const auto* text = std::get_if<std::string_view>(&scalar)) {
    if (text->empty() || text->size() > kMostText) return ledger::kNone;
    text_.assign(1, '"');
    text_ += *text;
  } else {
    text_ = traceql::Print(StaticOf(scalar));
  }
  const size_t known = texts_.size();
  const uint32_t code = texts_.CodeOf(text_);
  if (texts_.size() > known) text_bytes_ += kBytesOfText + text_.size();
  return code;
}

base::Status TraceAttributeReader::Settle() {
  std::ranges::sort(found_);
  const auto repeated = std::ranges::unique(found_);
  found_.erase(repeated.begin(), repeated.end());
  for (const Attribute& attribute : found_) {
    if (too_many_.contains(attribute.key)) continue;
    std::unordered_set<uint32_t>& values = values_[attribute.key];
    values.insert(attribute.value);
    if (values.size() <= kMostValues) continue;
    too_many_.insert(attribute.key);
    values_.erase(attribute.key);
  }
  std::erase_if(found_,
                [&](const Attribute& attribute) { return too_many_.contains(attribute.key); });
  const uint64_t grown = text_bytes_ - charged_text_bytes_;
  charged_text_bytes_ = text_bytes_;
  return MemoryBudget::Charge(memory_, grown, kTooMuch);
}

std::vector<uint32_t> TraceAttributeReader::KeysOfTooMany() const {
  std::vector<uint32_t> keys(too_many_.begin(), too_many_.end());
  std::ranges::sort(keys);
  return keys;
}

std::vector<uint32_t> SelectingKeys(const traceql::SpansetPipeline& pipeline,
                                    ledger::Names& texts) {
  std::vector<uint32_t> keys;
  for (const traceql::FieldExpr* field : SelectingFields(pipeline)) {
    if (const auto* intrinsic = std::get_if<Intrinsic>(&field->node)) {
      keys.push_back(texts.CodeOf(traceql::NameOf(*intrinsic)));
      continue;
    }
    const auto& attribute = std::get<traceql::Attribute>(field->node);
    for (const traceql::Scope scope : {traceql::Scope::kSpan, traceql::Scope::kResource}) {
      if (attribute.scope != scope && attribute.scope != traceql::Scope::kAny) continue;
      keys.push_back(
          texts.CodeOf(traceql::Print(traceql::Attribute{.scope = scope, .name = attribute.name})));
    }
  }
  std::ranges::sort(keys);
  const auto repeated = std::ranges::unique(keys);
  keys.erase(repeated.begin(), repeated.end());
  return keys;
}

}  // namespace clew::query
