// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "traceql/static.h"

namespace clew::query {

// Values of an attribute of an answer: one, or those of an array; none: nil.
struct AnswerAttribute {
  std::string key;
  std::vector<traceql::Static> values;
  bool is_array = false;
};

// In its old place if there is one of that key.
inline void SetAttribute(std::vector<AnswerAttribute>& attributes, AnswerAttribute attribute) {
  const auto known = std::ranges::find(attributes, attribute.key, &AnswerAttribute::key);
  if (known != attributes.end()) {
    *known = std::move(attribute);
  } else {
    attributes.push_back(std::move(attribute));
  }
}

}  // namespace clew::query
