// SPDX-License-Identifier: Apache-2.0
#include "reference/mentioned_fields.h"

#include <algorithm>
#include <utility>

#include "traceql/intrinsics.h"
#include "traceql/print.h"

namespace clew::reference {
namespace {

using traceql::Attribute;
using traceql::FieldExpr;
using traceql::Intrinsic;

// Walks a query; each overload collects from one kind of node.
class Collector {
 public:
  void Collect(const traceql::SpansetPipeline& pipeline) {
    for (const traceql::Stage& stage : pipeline.stages) {
      std::visit([&](const auto& node) { Collect(node); }, stage.node);
    }
  }

  void Collect(const traceql::MetricsAggregate& aggregate) {
    if (aggregate.field) Collect(*aggregate.field);
    for (const FieldExpr& field : aggregate.by) Collect(field);
  }

  void Collect(const traceql::Compare& compare) { Collect(compare.selection); }

  std::vector<const FieldExpr*> Take() && { return std::move(fields_); }

 private:
  void Collect(const FieldExpr& expr) {
    if (const auto* const unary = std::get_if<traceql::FieldUnary>(&expr.node)) {
      Collect(*unary->operand);
    } else if (const auto* const binary = std::get_if<traceql::FieldBinary>(&expr.node)) {
      Collect(*binary->left);
      Collect(*binary->right);
    } else if (const auto* const logical = std::get_if<traceql::FieldLogical>(&expr.node)) {
      for (const FieldExpr& operand : logical->operands) Collect(operand);
    } else if (!std::holds_alternative<traceql::Static>(expr.node)) {
      Add(expr);
    }
  }

  void Add(const FieldExpr& field) {
    const auto same = [&](const FieldExpr* other) {
      return traceql::Print(*other) == traceql::Print(field);
    };
    if (std::ranges::none_of(fields_, same)) fields_.push_back(&field);
  }

  void Collect(const traceql::SpansetFilter& filter) {
    if (filter.expr) Collect(*filter.expr);
  }

  void Collect(const traceql::SpansetExpr& expr) {
    std::visit([&](const auto& node) { Collect(node); }, expr.node);
  }

  // Spans of such a trace did not match, so there is nothing to show of them.
  void Collect(const traceql::NoneFilter& /*none*/) {}

  void Collect(const traceql::SpansetBinary& binary) {
    Collect(*binary.left);
    Collect(*binary.right);
  }

  void Collect(const std::unique_ptr<traceql::SpansetPipeline>& pipeline) { Collect(*pipeline); }

  void Collect(const traceql::ScalarExpr& expr) {
    if (const auto* const binary = std::get_if<traceql::ScalarBinary>(&expr.node)) {
      Collect(*binary->left);
      Collect(*binary->right);
    } else if (const auto* const aggregate = std::get_if<traceql::Aggregate>(&expr.node)) {
      if (aggregate->field) Collect(*aggregate->field);
    }
  }

  void Collect(const traceql::ScalarFilter& filter) {
    Collect(filter.left);
    Collect(filter.right);
  }

  void Collect(const traceql::GroupBy& group) { Collect(group.expr); }
  void Collect(const traceql::Coalesce& /*stage*/) {}

  void Collect(const traceql::Select& select) {
    for (const FieldExpr& field : select.fields) Collect(field);
  }

  void Collect(const traceql::Sort& sort) { Collect(sort.expr); }
  void Collect(const traceql::Limit& /*stage*/) {}

  std::vector<const FieldExpr*> fields_;
};

bool HasItsOwnPlace(Intrinsic intrinsic) {
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

}  // namespace

std::vector<const FieldExpr*> MentionedFields(const traceql::SpansetPipeline& pipeline) {
  Collector collector;
  collector.Collect(pipeline);
  return std::move(collector).Take();
}

std::vector<const FieldExpr*> MentionedFields(const traceql::MetricsQuery& query) {
  Collector collector;
  collector.Collect(query.pipeline);
  std::visit([&](const auto& function) { collector.Collect(function); }, query.function);
  return std::move(collector).Take();
}

std::vector<NamedValue> MentionedAttributes(const std::vector<const FieldExpr*>& fields,
                                            const SpanInTrace& span) {
  std::vector<NamedValue> attributes;
  const auto add = [&](std::string name, FieldValue value) {
    const auto same = [&](const NamedValue& other) { return other.name == name; };
    if (!value.present() || std::ranges::any_of(attributes, same)) return;
    attributes.push_back({std::move(name), std::move(value)});
  };
  for (const FieldExpr* field : fields) {
    if (const auto* const attribute = std::get_if<Attribute>(&field->node)) {
      // A parent's attributes are not taken for the span's own.
      add(attribute->of_parent ? "parent." + attribute->name : attribute->name,
          ValueOf(*attribute, span));
    } else if (const auto* const intrinsic = std::get_if<Intrinsic>(&field->node)) {
      if (!HasItsOwnPlace(*intrinsic)) add(traceql::NameOf(*intrinsic), ValueOf(*intrinsic, span));
    }
  }
  return attributes;
}

}  // namespace clew::reference
