// SPDX-License-Identifier: Apache-2.0
#include "query/tags.h"

#include <utility>

#include "base/check.h"
#include "query/source_tags.h"
#include "query/tag_match.h"

namespace clew::query {
namespace {

using Type = model::ValueView::Type;

std::string_view TypeName(model::ValueView::Type type) {
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

uint64_t BytesOf(const TagValue& value) {
  constexpr uint64_t kBytesOfNode = 144;  // of the set, beside a long text
  return kBytesOfNode + value.value.size();
}

base::Status ChargeTagValues(MemoryBudget* memory, uint64_t bytes) {
  return MemoryBudget::Charge(memory, bytes,
                              "the tag has very many different values; narrow them with q or the "
                              "time range");
}

void TagValues::insert(TagValue value) {
  const uint64_t bytes = BytesOf(value);
  if (values_.insert(std::move(value)).second) new_bytes_ += bytes;
}

base::Status TagValues::ChargeGrowth(MemoryBudget* memory) {
  return ChargeTagValues(memory, std::exchange(new_bytes_, 0));
}

base::Result<std::vector<std::string>> ListTagNames(const store::Sources& sources, TagScope scope,
                                                    const TagQuestion& question) {
  CHECK(scope != TagScope::kIntrinsic);
  TagNames names;
  for (const auto& memtable : sources.memtables) {
    TRY(AddTagNames(*memtable, question, scope, names));
  }
  for (const auto& block : sources.blocks) {
    TRY(RunNotes::Note(AddTagNames(*block, question, scope, names), question.notes));
  }
  return std::vector<std::string>(names.begin(), names.end());
}

base::Result<std::vector<TagValue>> ListTagValues(const store::Sources& sources, const Tag& tag,
                                                  const TagQuestion& question) {
  TagValues values;
  for (const auto& memtable : sources.memtables) {
    TRY(AddTagValues(*memtable, question, tag, values));
    TRY(values.ChargeGrowth(question.memory));
  }
  for (const auto& block : sources.blocks) {
    TRY(RunNotes::Note(AddTagValues(*block, question, tag, values), question.notes));
  }
  return values.Sorted();
}

}  // namespace clew::query
