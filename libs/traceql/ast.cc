// SPDX-License-Identifier: Apache-2.0
#include "traceql/ast.h"

namespace clew::traceql {

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
