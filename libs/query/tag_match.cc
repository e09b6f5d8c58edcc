// SPDX-License-Identifier: Apache-2.0
#include "query/tag_match.h"

#include <algorithm>
#include <charconv>

#include "query/keywords.h"

namespace clew::query {
namespace {

using Type = model::ValueView::Type;

char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

}  // namespace

bool ContainsIgnoringCase(std::string_view text, std::string_view part) {
  const auto found = std::ranges::search(text, part, {}, Lower, Lower);
  return part.empty() || !found.empty();
}

std::string TextOf(const model::ValueView& value) {
  switch (value.type) {
    case Type::kString:
      return std::string(value.text);
    case Type::kBool:
      return value.boolean ? "true" : "false";
    case Type::kInt:
      return std::to_string(value.integer);
    case Type::kDouble: {
      char digits[32];
      const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value.number);
      return std::string(digits, end);
    }
    case Type::kEmpty:
    case Type::kArray:
    case Type::kKeyValueList:
    case Type::kBytes:
      return {};
  }
  return {};
}

std::vector<std::string_view> ServiceNames(const store::Memtable& memtable) {
  std::vector<std::string_view> names(memtable.resource_count());
  const store::Dictionary& dictionary = memtable.dictionary();
  const auto note = [&](uint32_t owner, const store::InternedAttribute& attribute) {
    if (owner < names.size() && attribute.type == Type::kString &&
        dictionary[attribute.key] == "service.name") {
      names[owner] = dictionary[static_cast<uint32_t>(attribute.value)];
    }
  };
  const store::AttributeColumns& columns = memtable.resource_attributes();
  for (size_t i = 0; i < columns.column_count(); ++i) {
    const store::AttributeColumn& column = columns.column(i);
    if (dictionary[column.key()] != "service.name") continue;
    column.ForEach(static_cast<uint32_t>(names.size()), [&](uint32_t owner, uint64_t value) {
      note(owner, {column.key(), column.type(), value});
    });
  }
  columns.ForEachOther(note);
  return names;
}

TagMatch::TagMatch(const store::Memtable& memtable, const TagPredicate& predicate, uint32_t rows,
                   Cancellation& cancellation)
    : memtable_(memtable),
      predicate_(predicate),
      texts_(memtable.dictionary().size()),
      spans_(rows),
      resources_(memtable.resource_count()) {
  for (uint32_t code = 0; code < texts_.size() && !cancellation.CancelledAfterRow(); ++code) {
    texts_[code] = ContainsIgnoringCase(memtable.dictionary()[code], predicate.value);
  }
  MatchColumns(memtable.span_attributes(), spans_, cancellation);
  MatchColumns(memtable.resource_attributes(), resources_, cancellation);
}

bool TagMatch::MatchesValue(const store::InternedAttribute& attribute) const {
  if (attribute.type == Type::kString) {
    return attribute.value < texts_.size() && texts_[static_cast<uint32_t>(attribute.value)];
  }
  const std::string text = TextOf(store::ViewOf(attribute, memtable_.dictionary()));
  return !text.empty() && ContainsIgnoringCase(text, predicate_.value);
}

void TagMatch::MatchColumns(const store::AttributeColumns& columns, std::vector<bool>& owners,
                            Cancellation& cancellation) {
  for (size_t i = 0; i < columns.column_count(); ++i) {
    const store::AttributeColumn& column = columns.column(i);
    if (memtable_.dictionary()[column.key()] != predicate_.key) continue;
    column.ForEach(static_cast<uint32_t>(owners.size()), [&](uint32_t owner, uint64_t value) {
      if (cancellation.CancelledAfterRow()) return false;
      if (MatchesValue({column.key(), column.type(), value})) owners[owner] = true;
      return true;
    });
  }
  columns.ForEachOther([&](uint32_t owner, const store::InternedAttribute& attribute) {
    if (cancellation.CancelledAfterRow() || owner >= owners.size()) return;
    if (memtable_.dictionary()[attribute.key] == predicate_.key && MatchesValue(attribute)) {
      owners[owner] = true;
    }
  });
}

bool TagMatch::Matches(uint32_t row) const {
  const store::SpanRow& span = memtable_.row(row);
  const store::SpanTraits& traits = memtable_.traits_of(span);
  if (predicate_.key == "name") return texts_[span.name];
  if (predicate_.key == "kind") {
    return ContainsIgnoringCase(KindKeyword(traits.kind), predicate_.value);
  }
  if (predicate_.key == "status.code") {
    return ContainsIgnoringCase(StatusKeyword(traits.status_code), predicate_.value);
  }
  if (predicate_.key == "error" && ContainsIgnoringCase("true", predicate_.value) &&
      traits.status_code == static_cast<int32_t>(model::StatusCode::kError)) {
    return true;
  }
  return spans_[row] || resources_[traits.resource];
}

}  // namespace clew::query
