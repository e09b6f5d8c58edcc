// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "traceql/ast.h"

// The canonical text of a query: one space around operators, no parentheses that change
// nothing, intrinsics without a scope where they have such a form. Parsing it gives a tree
// that prints the same.
namespace clew::traceql {

std::string Print(const Query& query);
std::string Print(const SpansetPipeline& pipeline);
std::string Print(const SpansetExpr& expr);
std::string Print(const ScalarExpr& expr);
std::string Print(const Stage& stage);
std::string Print(const MetricsExpr& expr);
std::string Print(const MetricsAggregate& function);
std::string Print(const Compare& function);
// With the `|` in front of it that it needs: "| topk(5)", "> 10".
std::string Print(const SecondStage& stage);
std::string Print(const Aggregate& aggregate);
std::string Print(const FieldExpr& expr);
std::string Print(const Attribute& attribute);
std::string Print(const Static& value);

}  // namespace clew::traceql
