// SPDX-License-Identifier: Apache-2.0
#include "traceql/ast.h"

#include <algorithm>

namespace clew::traceql {
namespace {

uint32_t HeightOfStage(const SpansetExpr& expr) {
  return expr.height;
}

uint32_t HeightOfStage(const ScalarFilter& filter) {
  return std::max(filter.left.height, filter.right.height);
}

uint32_t HeightOfStage(const GroupBy& group) {
  return group.expr.height;
}

uint32_t HeightOfStage(const Sort& sort) {
  return sort.expr.height;
}

uint32_t HeightOfStage(const Coalesce& /*coalesce*/) {
  return 1;
}

uint32_t HeightOfStage(const Select& /*select*/) {
  return 1;
}

uint32_t HeightOfStage(const Limit& /*limit*/) {
  return 1;
}

}  // namespace

uint32_t HeightOf(const SpansetPipeline& pipeline) {
  uint32_t height = 1;
  for (const Stage& stage : pipeline.stages) {
    const auto of_stage = [](const auto& node) { return HeightOfStage(node); };
    height = std::max(height, std::visit(of_stage, stage.node));
  }
  return height + 1;
}

bool IsConstant(const ScalarExpr& expr) {
  if (std::holds_alternative<Static>(expr.node)) return true;
  const auto* const binary = std::get_if<ScalarBinary>(&expr.node);
  return binary != nullptr && IsConstant(*binary->left) && IsConstant(*binary->right);
}

bool HoldsPipeline(const SpansetExpr& expr) {
  if (std::holds_alternative<std::unique_ptr<SpansetPipeline>>(expr.node)) return true;
  const auto* const binary = std::get_if<SpansetBinary>(&expr.node);
  return binary != nullptr && (HoldsPipeline(*binary->left) || HoldsPipeline(*binary->right));
}

}  // namespace clew::traceql
