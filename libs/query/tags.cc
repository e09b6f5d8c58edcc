// SPDX-License-Identifier: Apache-2.0
#include "query/tags.h"

#include <utility>

#include "base/check.h"
#include "query/source_tags.h"
#include "query/tag_match.h"

namespace clew::query {
namespace {

std::string_view TypeName(model::ValueView::Type type) {
  using Type = model::ValueView::Type;
  switch (type) {
    case Type::kString:
      return "string";
    case Type::kInt:
      return "int";
    case Type::kDouble:
      return "float";
    case Type::kBool:
      return "bool";
    case Type::kEmpty:
    case Type::kArray:
    case Type::kKeyValueList:
    case Type::kBytes:
      return {};
  }
  return {};
}

}  // namespace

void AddTagValue(const model::ValueView& value, TagValues& values) {
  const std::string_view type = TypeName(value.type);
  if (!type.empty()) values.insert({std::string(type), TextOf(value)});
}

base::Result<std::vector<std::string>> ListTagNames(const store::Sources& sources, TagScope scope,
                                                    const TimeRange& range,
                                                    const std::stop_token& cancelled,
                                                    LeftOut* left_out) {
  CHECK(scope != TagScope::kIntrinsic);
  const TagQuestion question{range, cancelled, RunNotes::CountersOf(left_out)};
  TagNames names;
  for (const auto& memtable : sources.memtables) {
    TRY(AddTagNames(*memtable, question, scope, names));
  }
  for (const auto& block : sources.blocks) {
    TRY(LeftOut::Note(AddTagNames(*block, question, scope, names), left_out));
  }
  return std::vector<std::string>(names.begin(), names.end());
}

base::Result<std::vector<TagValue>> ListTagValues(const store::Sources& sources, const Tag& tag,
                                                  const TimeRange& range,
                                                  const std::stop_token& cancelled,
                                                  LeftOut* left_out) {
  const TagQuestion question{range, cancelled, RunNotes::CountersOf(left_out)};
  TagValues values;
  for (const auto& memtable : sources.memtables) {
    TRY(AddTagValues(*memtable, question, tag, values));
  }
  for (const auto& block : sources.blocks) {
    TRY(LeftOut::Note(AddTagValues(*block, question, tag, values), left_out));
  }
  return std::vector<TagValue>(values.begin(), values.end());
}

}  // namespace clew::query
