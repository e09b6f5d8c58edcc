// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "query/eval/value.h"
#include "query/tags.h"
#include "traceql/ast.h"

// What is asked of a span to learn its values of a tag, and what the answers are as values of tags.
namespace clew::query {

// A tag without a scope is the span's and the resource's, each. Empty: its values are not listed.
std::vector<traceql::FieldExpr> FieldsOf(const Tag& tag);
// Of a span's events and links the values come together.
bool IsOfMany(const Tag& tag);
// nullopt: it is of a type that tags do not have.
std::optional<TagValue> TagValueOf(const Scalar& scalar);
// Every intrinsic that is a text is there, and so is a service's name: empty when it is not.
bool IsAbsent(const Tag& tag, const TagValue& value);

}  // namespace clew::query
