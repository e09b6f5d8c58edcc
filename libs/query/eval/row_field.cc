// SPDX-License-Identifier: Apache-2.0
#include "query/eval/row_field.h"

#include <algorithm>

namespace clew::query {

using traceql::Intrinsic;

bool IsOfRow(Intrinsic intrinsic) {
  switch (intrinsic) {
    case Intrinsic::kChildCount:
    case Intrinsic::kTraceDuration:
    case Intrinsic::kRootName:
    case Intrinsic::kRootServiceName:
    case Intrinsic::kNestedSetLeft:
    case Intrinsic::kNestedSetRight:
    case Intrinsic::kNestedSetParent:
    case Intrinsic::kParent:
      return false;
    default:
      return true;
  }
}

Value AbsentValueOf(const traceql::Attribute& attribute) {
  const bool service =
      attribute.scope == traceql::Scope::kResource && attribute.name == "service.name";
  return service ? Value::Of(std::string_view("")) : Value();
}

std::string_view WithoutLeadingZeros(std::string_view hex) {
  return hex.substr(std::min(hex.find_first_not_of('0'), hex.size()));
}

}  // namespace clew::query
