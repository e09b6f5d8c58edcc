// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "traceql/ast.h"
#include "traceql/types.h"

namespace clew::traceql {

// `duration`; none when it is no name that stands alone.
std::optional<Intrinsic> FindIntrinsic(std::string_view name);
// `span:duration` as scope `span:` and name; a name must stand with its own scope.
std::optional<Intrinsic> FindIntrinsic(std::string_view scope, std::string_view name);

// The names of a scope such as `span:`.
std::vector<std::string_view> IntrinsicsOf(std::string_view scope);

// The unscoped form where there is one: `duration`, `trace:id`.
std::string NameOf(Intrinsic intrinsic);
Type TypeOf(Intrinsic intrinsic);

}  // namespace clew::traceql
