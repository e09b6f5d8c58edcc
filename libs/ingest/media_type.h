// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace clew::ingest {

// "application/x-thrift; charset=utf-8" without parameters and white space.
inline std::string_view MediaTypeOf(std::string_view content_type) {
  content_type = content_type.substr(0, content_type.find(';'));
  const size_t first = content_type.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return content_type.substr(first, content_type.find_last_not_of(" \t") - first + 1);
}

}  // namespace clew::ingest
