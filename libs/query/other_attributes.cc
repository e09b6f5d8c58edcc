// SPDX-License-Identifier: Apache-2.0
#include "query/other_attributes.h"

#include <algorithm>
#include <optional>
#include <variant>

#include "query/attribute_scope.h"
#include "store/other_key.h"

namespace clew::query {

std::vector<bool> AskedOthers(const parquet::Values& keys, const traceql::Attribute& attribute) {
  const auto* const texts = std::get_if<parquet::ByteArrays>(&keys);
  std::vector<bool> asked(texts == nullptr ? 0 : texts->size());
  for (size_t i = 0; i < asked.size(); ++i) {
    const std::optional<store::OtherKey> other = store::ParseOtherKey((*texts)[i]);
    asked[i] = other && other->key == attribute.name && Asks(attribute.scope, other->scope);
  }
  return asked;
}

base::Result<bool> MayBeAmongOthers(const traceql::Attribute& attribute, BlockRows& group) {
  if (!group.HasValues(group.other_keys())) return false;
  // A chunk has all of its values in the dictionary, or has none.
  const auto dictionary = TRY(group.Dictionary(group.other_keys()));
  const std::vector<bool> asked = AskedOthers(*dictionary, attribute);
  return asked.empty() || std::ranges::find(asked, true) != asked.end();
}

}  // namespace clew::query
