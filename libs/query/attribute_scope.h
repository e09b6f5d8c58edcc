// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/column_names.h"
#include "traceql/token.h"

namespace clew::query {

// Whether an attribute that is asked for with a scope of TraceQL may lie in one of a block.
inline bool Asks(traceql::Scope asked, store::AttributeScope scope) {
  switch (asked) {
    case traceql::Scope::kAny:
      return true;
    case traceql::Scope::kSpan:
      return scope == store::AttributeScope::kSpan;
    case traceql::Scope::kResource:
      return scope == store::AttributeScope::kResource;
    case traceql::Scope::kEvent:
      return scope == store::AttributeScope::kEvent;
    case traceql::Scope::kLink:
      return scope == store::AttributeScope::kLink;
    case traceql::Scope::kInstrumentation:
      return scope == store::AttributeScope::kScope;
  }
  return false;
}

}  // namespace clew::query
