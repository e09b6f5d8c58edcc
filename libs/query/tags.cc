// SPDX-License-Identifier: Apache-2.0
#include "query/tags.h"

#include <functional>
#include <set>

#include "query/tag_match.h"

namespace clew::query {
namespace {

using Type = model::ValueView::Type;
using Attribute = store::InternedAttribute;

// True for the resources that visible rows refer to.
std::vector<bool> VisibleResources(const store::Memtable& memtable, uint32_t rows) {
  std::vector<bool> visible(memtable.resource_count());
  for (uint32_t row = 0; row < rows; ++row) visible[memtable.row(row).resource] = true;
  return visible;
}

// Calls `visit` for each attribute in `columns` whose owner is visible.
void ForEach(const store::AttributeColumns& columns, const std::vector<bool>& visible,
             const std::function<void(const Attribute&)>& visit) {
  for (size_t i = 0; i < columns.column_count(); ++i) {
    const store::AttributeColumn& column = columns.column(i);
    const size_t entries = column.owners.size();
    for (size_t entry = 0; entry < entries && column.owners[entry] < visible.size(); ++entry) {
      if (!visible[column.owners[entry]]) continue;
      visit({column.key, column.type, column.values[entry]});
    }
  }
  columns.ForEachOther([&](uint32_t owner, const Attribute& attribute) {
    if (owner < visible.size() && visible[owner]) visit(attribute);
  });
}

std::vector<std::string> NamesIn(const store::Memtable& memtable,
                                 const store::AttributeColumns& columns,
                                 const std::vector<bool>& visible) {
  std::set<uint32_t> keys;
  ForEach(columns, visible, [&](const Attribute& attribute) { keys.insert(attribute.key); });
  std::set<std::string> names;
  for (const uint32_t key : keys) names.emplace(memtable.dictionary()[key]);
  return {names.begin(), names.end()};
}

std::string_view TypeName(Type type) {
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

std::string_view StatusKeyword(int32_t code) {
  if (code == static_cast<int32_t>(model::StatusCode::kError)) return "error";
  return code == static_cast<int32_t>(model::StatusCode::kOk) ? "ok" : "unset";
}

std::string_view KindKeyword(int32_t kind) {
  constexpr std::string_view kNames[] = {"unspecified", "internal", "server",
                                         "client",      "producer", "consumer"};
  return kind >= 0 && kind < 6 ? kNames[kind] : kNames[0];
}

std::string_view WithoutScope(std::string_view name) {
  const size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

}  // namespace

TagNames ListTagNames(const store::Memtable& memtable) {
  const uint32_t rows = memtable.published_rows();
  return {.resource =
              NamesIn(memtable, memtable.resource_attributes(), VisibleResources(memtable, rows)),
          .span = NamesIn(memtable, memtable.span_attributes(), std::vector<bool>(rows, true))};
}

std::vector<TagValue> ListTagValues(const store::Memtable& memtable, TagScope scope,
                                    std::string_view key) {
  const uint32_t rows = memtable.published_rows();
  std::set<Attribute> attributes;
  const auto collect = [&](const Attribute& attribute) {
    if (memtable.dictionary()[attribute.key] == key) attributes.insert(attribute);
  };
  if (scope != TagScope::kSpan) {
    ForEach(memtable.resource_attributes(), VisibleResources(memtable, rows), collect);
  }
  if (scope != TagScope::kResource) {
    ForEach(memtable.span_attributes(), std::vector<bool>(rows, true), collect);
  }
  std::set<TagValue> values;
  for (const Attribute& attribute : attributes) {
    const std::string_view type = TypeName(attribute.type);
    if (type.empty()) continue;
    values.insert({std::string(type), TextOf(attribute, memtable.dictionary())});
  }
  return {values.begin(), values.end()};
}

std::vector<TagValue> ListIntrinsicValues(const store::Memtable& memtable, std::string_view name) {
  const std::string_view bare = WithoutScope(name);
  const bool of_trace = name.starts_with("trace:") || bare.starts_with("root");
  const std::vector<std::string_view> services = ServiceNames(memtable);
  std::set<TagValue> values;
  const uint32_t rows = memtable.published_rows();
  for (uint32_t index = 0; index < rows; ++index) {
    const store::SpanRow& row = memtable.row(index);
    if (of_trace && row.parent_span_id.IsValid()) continue;
    if (bare == "name" || bare == "rootName") {
      values.insert({"string", std::string(memtable.dictionary()[row.name])});
    } else if (bare == "rootServiceName" || bare == "rootService") {
      if (row.resource < services.size()) {
        values.insert({"string", std::string(services[row.resource])});
      }
    } else if (bare == "statusMessage") {
      if (row.status_message != 0) {
        values.insert({"string", std::string(memtable.dictionary()[row.status_message])});
      }
    } else if (bare == "status") {
      values.insert({"keyword", std::string(StatusKeyword(row.status_code))});
    } else if (bare == "kind") {
      values.insert({"keyword", std::string(KindKeyword(row.kind))});
    } else {
      break;
    }
  }
  return {values.begin(), values.end()};
}

}  // namespace clew::query
