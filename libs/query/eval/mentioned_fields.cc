// SPDX-License-Identifier: Apache-2.0
#include "query/eval/mentioned_fields.h"

#include <algorithm>
#include <memory>

#include "traceql/intrinsics.h"

namespace clew::query {
namespace {

using traceql::FieldExpr;
using traceql::Intrinsic;

bool IsSaidAnyway(Intrinsic intrinsic) {
  switch (intrinsic) {
    case Intrinsic::kName:
    case Intrinsic::kDuration:
    case Intrinsic::kTraceDuration:
    case Intrinsic::kRootName:
    case Intrinsic::kRootServiceName:
    case Intrinsic::kTraceId:
    case Intrinsic::kSpanId:
      return true;
    default:
      return false;
  }
}

class Collector {
 public:
  enum class Wanted : uint8_t { kToShow, kSelecting, kAll };
  explicit Collector(Wanted wanted) : wanted_(wanted) {}

  void Visit(const traceql::SpansetPipeline& pipeline) {
    for (const traceql::Stage& stage : pipeline.stages) {
      std::visit([this](const auto& node) { Visit(node); }, stage.node);
    }
  }
  void Visit(const std::vector<FieldExpr>& fields) {
    for (const FieldExpr& field : fields) Visit(field);
  }
  void Visit(const traceql::MetricsAggregate& aggregate) {
    if (aggregate.field != nullptr) Visit(*aggregate.field);
    Visit(aggregate.by);
  }
  void Visit(const traceql::Compare& compare) { Visit(compare.selection); }
  std::vector<MentionedField> Take() { return std::move(fields_); }

 private:
  void Visit(const FieldExpr& expr) {
    std::visit([&](const auto& node) { VisitNode(node, expr); }, expr.node);
  }
  void VisitNode(const traceql::Static&, const FieldExpr&) {}
  void VisitNode(const traceql::Attribute& attribute, const FieldExpr& expr) {
    Add(attribute.of_parent ? "parent." + attribute.name : attribute.name, expr);
  }
  void VisitNode(Intrinsic intrinsic, const FieldExpr& expr) {
    if (!to_show() || !IsSaidAnyway(intrinsic)) Add(traceql::NameOf(intrinsic), expr);
  }
  void VisitNode(const traceql::FieldUnary& unary, const FieldExpr&) { Visit(*unary.operand); }
  void VisitNode(const traceql::FieldBinary& binary, const FieldExpr&) {
    Visit(*binary.left);
    Visit(*binary.right);
  }
  void VisitNode(const traceql::FieldLogical& logical, const FieldExpr&) {
    for (const FieldExpr& operand : logical.operands) Visit(operand);
  }

  void Visit(const traceql::SpansetExpr& expr) {
    std::visit([this](const auto& node) { Visit(node); }, expr.node);
  }
  void Visit(const traceql::SpansetFilter& filter) {
    if (filter.expr != nullptr) Visit(*filter.expr);
  }
  // Spans of such a trace did not match, so there is nothing to show of them.
  void Visit(const traceql::NoneFilter& none) {
    if (!to_show()) Visit(none.filter);
  }
  void Visit(const traceql::SpansetBinary& binary) {
    Visit(*binary.left);
    Visit(*binary.right);
  }
  void Visit(const std::unique_ptr<traceql::SpansetPipeline>& pipeline) { Visit(*pipeline); }
  void Visit(const traceql::ScalarFilter& filter) {
    Visit(filter.left);
    Visit(filter.right);
  }
  void Visit(const traceql::ScalarExpr& expr) {
    std::visit([this](const auto& node) { Visit(node); }, expr.node);
  }
  void Visit(const traceql::Static&) {}
  void Visit(const traceql::Aggregate& aggregate) {
    if (aggregate.field != nullptr) Visit(*aggregate.field);
  }
  void Visit(const traceql::ScalarBinary& binary) {
    Visit(*binary.left);
    Visit(*binary.right);
  }
  void Visit(const traceql::ScalarPipeline& scalar) {
    Visit(*scalar.pipeline);
    Visit(scalar.aggregate);
  }
  void Visit(const traceql::GroupBy& group) {
    if (!selecting()) Visit(group.expr);
  }
  void Visit(const traceql::Coalesce&) {}
  void Visit(const traceql::Select& select) {
    if (!selecting()) Visit(select.fields);
  }
  void Visit(const traceql::Sort& sort) {
    if (!selecting()) Visit(sort.expr);
  }
  void Visit(const traceql::Limit&) {}

  void Add(std::string key, const FieldExpr& expr) {
    const bool known = std::ranges::any_of(
        fields_, [&](const MentionedField& field) { return IsSame(*field.expr, expr); });
    if (!known) fields_.push_back({std::move(key), &expr});
  }
  static bool IsSame(const FieldExpr& a, const FieldExpr& b) {
    const auto* left = std::get_if<traceql::Attribute>(&a.node);
    const auto* right = std::get_if<traceql::Attribute>(&b.node);
    if (left != nullptr && right != nullptr) return *left == *right;
    const auto* of_a = std::get_if<Intrinsic>(&a.node);
    const auto* of_b = std::get_if<Intrinsic>(&b.node);
    return of_a != nullptr && of_b != nullptr && *of_a == *of_b;
  }

  bool selecting() const { return wanted_ == Wanted::kSelecting; }
  bool to_show() const { return wanted_ == Wanted::kToShow; }

  const Wanted wanted_;
  std::vector<MentionedField> fields_;
};

using Wanted = Collector::Wanted;

std::vector<MentionedField> FieldsOf(const traceql::SpansetPipeline& pipeline, Wanted wanted) {
  Collector collector(wanted);
  collector.Visit(pipeline);
  return collector.Take();
}

std::vector<MentionedField> FieldsOf(const traceql::MetricsQuery& query, Wanted wanted) {
  Collector collector(wanted);
  collector.Visit(query.pipeline);
  std::visit([&](const auto& function) { collector.Visit(function); }, query.function);
  return collector.Take();
}

std::vector<std::string_view> KeysOf(const std::vector<MentionedField>& fields) {
  std::vector<std::string_view> keys;
  for (const MentionedField& field : fields) {
    const auto* attribute = std::get_if<traceql::Attribute>(&field.expr->node);
    if (attribute != nullptr) keys.push_back(attribute->name);
    // The one intrinsic that an attribute tells.
    const auto* intrinsic = std::get_if<Intrinsic>(&field.expr->node);
    if (intrinsic != nullptr && *intrinsic == Intrinsic::kRootServiceName) {
      keys.push_back("service.name");
    }
  }
  return keys;
}

}  // namespace

std::vector<MentionedField> MentionedFields(const traceql::SpansetPipeline& pipeline) {
  return FieldsOf(pipeline, Wanted::kToShow);
}

std::vector<MentionedField> MentionedFields(const traceql::MetricsQuery& query) {
  return FieldsOf(query, Wanted::kToShow);
}

std::vector<std::string_view> MentionedKeys(const traceql::SpansetPipeline& pipeline) {
  return KeysOf(FieldsOf(pipeline, Wanted::kAll));
}

std::vector<std::string_view> MentionedKeys(const traceql::MetricsQuery& query) {
  return KeysOf(FieldsOf(query, Wanted::kAll));
}

std::vector<std::string_view> MentionedKeys(const std::vector<FieldExpr>& fields) {
  Collector collector(Wanted::kAll);
  collector.Visit(fields);
  return KeysOf(collector.Take());
}

std::vector<const FieldExpr*> SelectingFields(const traceql::SpansetPipeline& pipeline) {
  std::vector<const FieldExpr*> fields;
  for (const MentionedField& field : FieldsOf(pipeline, Wanted::kSelecting)) {
    fields.push_back(field.expr);
  }
  return fields;
}

}  // namespace clew::query
