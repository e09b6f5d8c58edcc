// SPDX-License-Identifier: Apache-2.0
#include "store/row_reader.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

namespace clew::store {
namespace {

// For fewer rows it costs more to find out which columns they have than to ask them all.
constexpr size_t kManyRows = 256;

bool HasAnyOf(const AttributeColumn& column, std::span<const uint64_t> mask) {
  bool has = false;
  column.ForEachOf(mask, [&](uint32_t, uint64_t) { has = true; });
  return has;
}

std::vector<uint64_t> MaskOf(std::span<const uint32_t> rows) {
  std::vector<uint64_t> mask(size_t{std::ranges::max(rows)} / 64 + 1);
  for (const uint32_t row : rows) mask[row / 64] |= uint64_t{1} << (row % 64);
  return mask;
}

}  // namespace

RowReader::RowReader(const Memtable& memtable)
    : memtable_(memtable),
      of_resources_(SortedOf(memtable.resource_attributes())),
      of_scopes_(SortedOf(memtable.scope_attributes())),
      of_spans_(SortedOf(memtable.span_attributes())),
      of_events_(SortedOf(memtable.event_attributes())),
      of_links_(SortedOf(memtable.link_attributes())) {}

RowReader::RowReader(const Memtable& memtable, std::span<const uint32_t> rows)
    : RowReader(memtable) {
  if (rows.size() < kManyRows) return;
  const std::vector<uint64_t> mask = MaskOf(rows);
  std::erase_if(of_spans_.sorted,
                [&](const Column& column) { return !HasAnyOf(*column.values, mask); });
}

RowReader::Columns RowReader::SortedOf(const AttributeColumns& columns) const {
  Columns sorted{.sorted = {}, .all = &columns};
  const size_t count = columns.column_count();
  sorted.sorted.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    const AttributeColumn& column = columns.column(i);
    sorted.sorted.push_back({memtable_.dictionary()[column.key()], &column});
  }
  std::ranges::sort(sorted.sorted, {}, &Column::key);
  return sorted;
}

void RowReader::Read(uint32_t row, std::optional<uint32_t> previous, model::SpanSink& sink) {
  const Dictionary& texts = memtable_.dictionary();
  const SpanTraits& traits = memtable_.traits_of(memtable_.row(row));
  const SpanTraits* before = previous ? &memtable_.traits_of(memtable_.row(*previous)) : nullptr;
  if (before == nullptr || before->resource != traits.resource) {
    before = nullptr;
    const Origin& resource = memtable_.resource(traits.resource);
    sink.OnResource({.schema_url = texts[resource.schema_url],
                     .dropped_attributes_count = resource.dropped_attributes_count});
    ReadAttributes(of_resources_, traits.resource, sink);
  }
  if (before == nullptr || before->scope != traits.scope) {
    const Origin& scope = memtable_.scope(traits.scope);
    sink.OnScope({.name = texts[scope.name],
                  .version = texts[scope.version],
                  .schema_url = texts[scope.schema_url],
                  .dropped_attributes_count = scope.dropped_attributes_count});
    ReadAttributes(of_scopes_, traits.scope, sink);
  }
  ReadSpan(row, sink);
}

void RowReader::ReadSpan(uint32_t index, model::SpanSink& sink) {
  const Dictionary& texts = memtable_.dictionary();
  const SpanRow& row = memtable_.row(index);
  const SpanTraits& traits = memtable_.traits_of(row);
  sink.OnSpan({.trace_id = memtable_.trace_id(index),
               .span_id = row.span_id,
               .parent_span_id = row.parent_span_id,
               .trace_state = texts[traits.trace_state],
               .name = texts[row.name],
               .kind = static_cast<model::SpanKind>(traits.kind),
               .start_unix_nano = row.start_unix_nano,
               .end_unix_nano = row.end_unix_nano,
               .status_code = static_cast<model::StatusCode>(traits.status_code),
               .status_message = texts[traits.status_message],
               .flags = traits.flags,
               .dropped_attributes_count = traits.dropped_attributes_count,
               .dropped_events_count = traits.dropped_events_count,
               .dropped_links_count = traits.dropped_links_count});
  ReadAttributes(of_spans_, index, sink);
  const ElementRange events = memtable_.events_of(index);
  for (uint32_t i = events.first; i < events.end; ++i) {
    const EventRow& event = memtable_.event(i);
    sink.OnEvent({.time_unix_nano = event.time_unix_nano,
                  .name = texts[event.name],
                  .dropped_attributes_count = event.dropped_attributes_count});
    ReadAttributes(of_events_, i, sink);
  }
  const ElementRange links = memtable_.links_of(index);
  for (uint32_t i = links.first; i < links.end; ++i) {
    const LinkRow& link = memtable_.link(i);
    sink.OnLink({.trace_id = link.trace_id,
                 .span_id = link.span_id,
                 .trace_state = texts[link.trace_state],
                 .flags = link.flags,
                 .dropped_attributes_count = link.dropped_attributes_count});
    ReadAttributes(of_links_, i, sink);
  }
}

void RowReader::ReadAttributes(const Columns& columns, uint32_t owner, model::SpanSink& sink) {
  if (columns.all->has_others()) return ReadWithOthers(columns, owner, sink);
  for (const auto& [key, values] : columns.sorted) {
    const std::optional<uint64_t> value = values->Find(owner);
    if (!value) continue;
    sink.OnAttribute(key, ViewOf({values->key(), values->type(), *value}, memtable_.dictionary()));
  }
}

void RowReader::ReadWithOthers(const Columns& columns, uint32_t owner, model::SpanSink& sink) {
  attributes_.clear();
  for (const auto& [key, values] : columns.sorted) {
    const std::optional<uint64_t> value = values->Find(owner);
    if (value) attributes_.push_back({key, {values->key(), values->type(), *value}});
  }
  const size_t in_columns = attributes_.size();
  columns.all->ForEachOtherOf(owner, [&](const InternedAttribute& attribute) {
    attributes_.push_back({memtable_.dictionary()[attribute.key], attribute});
  });
  if (attributes_.size() > in_columns) std::ranges::sort(attributes_, {}, &Attribute::key);
  for (const auto& [key, attribute] : attributes_) {
    sink.OnAttribute(key, ViewOf(attribute, memtable_.dictionary()));
  }
}

namespace {

// The scopes of resources that rows belong to, numbered as they come.
class OriginGroups {
 public:
  uint32_t Add(uint32_t resource, uint32_t scope) {
    const auto [known, added] =
        numbers_.try_emplace({resource, scope}, static_cast<uint32_t>(groups_.size()));
    if (added) {
      const auto number = static_cast<uint32_t>(resources_.size());
      groups_.push_back({.resource = resources_.try_emplace(resource, number).first->second});
    }
    ++groups_[known->second].rows;
    return known->second;
  }

  size_t size() const { return groups_.size(); }

  // Where the rows of each group begin, when those of one resource stand together.
  std::vector<size_t> Starts() const {
    std::vector<uint32_t> order(groups_.size());
    std::iota(order.begin(), order.end(), 0u);
    std::ranges::sort(order, {},
                      [&](uint32_t group) { return std::pair(groups_[group].resource, group); });
    std::vector<size_t> starts(groups_.size());
    size_t next = 0;
    for (const uint32_t group : order) {
      starts[group] = next;
      next += groups_[group].rows;
    }
    return starts;
  }

 private:
  struct Group {
    uint32_t resource;  // numbered as they come
    size_t rows = 0;
  };

  std::map<uint32_t, uint32_t> resources_;
  std::map<std::pair<uint32_t, uint32_t>, uint32_t> numbers_;
  std::vector<Group> groups_;
};

}  // namespace

void GroupByOrigin(const Memtable& memtable, std::vector<uint32_t>& rows) {
  OriginGroups groups;
  std::vector<uint32_t> group_of_row;
  group_of_row.reserve(rows.size());
  for (const uint32_t row : rows) {
    const SpanTraits& traits = memtable.traits_of(memtable.row(row));
    group_of_row.push_back(groups.Add(traits.resource, traits.scope));
  }
  if (groups.size() < 2) return;
  std::vector<size_t> next = groups.Starts();
  std::vector<uint32_t> grouped(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) grouped[next[group_of_row[i]]++] = rows[i];
  rows = std::move(grouped);
}

void ReadRows(const Memtable& memtable, std::vector<uint32_t> rows, model::SpanSink& sink) {
  GroupByOrigin(memtable, rows);
  RowReader reader(memtable, rows);
  std::optional<uint32_t> previous;
  for (const uint32_t row : rows) {
    reader.Read(row, previous, sink);
    previous = row;
  }
}

}  // namespace clew::store
