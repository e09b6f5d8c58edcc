// SPDX-License-Identifier: Apache-2.0
// A span is assembled in row_ while its attributes, events and links come in,
// and becomes a row when the next thing is announced: only then is it complete.
// Attributes wait in pending_ so that of a repeated key the last one wins,
// whatever its type.
#include "store/memtable.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace clew::store {

Memtable::Memtable() : trace_index_(trace_ids_) {
  dictionary_.Intern("");
  // What traces are called by has a column whatever else comes.
  resource_attributes_.Reserve(dictionary_.Intern("service.name"), model::ValueView::Type::kString);
}

void Memtable::OnAttribute(std::string_view key, const model::ValueView& value) {
  const InternedAttribute attribute = InternAttribute(key, value, dictionary_);
  const auto same = std::ranges::find(pending_, attribute.key, &InternedAttribute::key);
  if (same == pending_.end()) {
    pending_.push_back(attribute);
  } else {
    *same = attribute;
  }
}

// The number of the open resource or scope with the attributes that came: the
// old one when all of it is equal. Attributes are sorted for that.
uint32_t Memtable::InternOrigin(base::AppendVector<Origin>& origins, AttributeColumns& attributes,
                                std::map<std::string, uint32_t>& index) {
  std::ranges::sort(pending_);
  std::string content(reinterpret_cast<const char*>(&origin_), sizeof origin_);
  for (const InternedAttribute& attribute : pending_) {
    const uint64_t parts[3] = {attribute.key, static_cast<uint64_t>(attribute.type),
                               attribute.value};
    content.append(reinterpret_cast<const char*>(parts), sizeof parts);
  }
  const auto number = static_cast<uint32_t>(origins.size());
  const auto [place, inserted] = index.try_emplace(std::move(content), number);
  if (!inserted) return place->second;
  index_bytes_ += place->first.size() + 64;
  for (const InternedAttribute& attribute : pending_) attributes.Add(number, attribute);
  origins.push_back(origin_);
  return number;
}

// Gives the attributes that came to what was announced last.
void Memtable::FlushAttributes() {
  switch (owner_) {
    case Owner::kNone:
      break;
    case Owner::kResource:
      resource_ = InternOrigin(resources_, resource_attributes_, resource_index_);
      break;
    case Owner::kScope:
      scope_ = InternOrigin(scopes_, scope_attributes_, scope_index_);
      break;
    case Owner::kSpan: {
      const auto row = static_cast<uint32_t>(rows_.size());
      for (const InternedAttribute& attribute : pending_) span_attributes_.Add(row, attribute);
      break;
    }
    case Owner::kEvent: {
      const auto event = static_cast<uint32_t>(events_.size() - 1);
      for (const InternedAttribute& attribute : pending_) event_attributes_.Add(event, attribute);
      break;
    }
    case Owner::kLink: {
      const auto link = static_cast<uint32_t>(links_.size() - 1);
      for (const InternedAttribute& attribute : pending_) link_attributes_.Add(link, attribute);
      break;
    }
  }
  pending_.clear();
}

uint32_t Memtable::FinishBody() {
  FlushAttributes();
  const bool in_span = owner_ == Owner::kSpan || owner_ == Owner::kEvent || owner_ == Owner::kLink;
  if (in_span) {
    row_.events = static_cast<uint32_t>(events_.size()) - row_.first_event;
    row_.links = static_cast<uint32_t>(links_.size()) - row_.first_link;
    trace_ids_.push_back(row_trace_id_);
    rows_.push_back(row_);
    trace_index_.Add(static_cast<uint32_t>(rows_.size() - 1));
  }
  owner_ = Owner::kNone;
  return static_cast<uint32_t>(rows_.size());
}

void Memtable::OnResource(const model::ResourceView& resource) {
  FinishBody();
  owner_ = Owner::kResource;
  origin_ = {.schema_url = dictionary_.InternText(resource.schema_url),
             .dropped_attributes_count = resource.dropped_attributes_count};
}

void Memtable::OnScope(const model::ScopeView& scope) {
  FinishBody();
  owner_ = Owner::kScope;
  origin_ = {.name = dictionary_.InternText(scope.name),
             .version = dictionary_.InternText(scope.version),
             .schema_url = dictionary_.InternText(scope.schema_url),
             .dropped_attributes_count = scope.dropped_attributes_count};
}

void Memtable::OnSpan(const model::SpanView& span) {
  FinishBody();
  owner_ = Owner::kSpan;
  row_trace_id_ = span.trace_id;
  row_ = {.span_id = span.span_id,
          .parent_span_id = span.parent_span_id,
          .start_unix_nano = span.start_unix_nano,
          .end_unix_nano = span.end_unix_nano,
          .name = dictionary_.InternText(span.name),
          .status_message = dictionary_.InternText(span.status_message),
          .trace_state = dictionary_.InternText(span.trace_state),
          .flags = span.flags,
          .resource = resource_,
          .scope = scope_,
          .kind = static_cast<int32_t>(span.kind),
          .status_code = static_cast<int32_t>(span.status_code),
          .dropped_attributes_count = span.dropped_attributes_count,
          .dropped_events_count = span.dropped_events_count,
          .dropped_links_count = span.dropped_links_count,
          .first_event = static_cast<uint32_t>(events_.size()),
          .first_link = static_cast<uint32_t>(links_.size())};
}

void Memtable::OnEvent(const model::EventView& event) {
  FlushAttributes();
  owner_ = Owner::kEvent;
  events_.push_back({.time_unix_nano = event.time_unix_nano,
                     .name = dictionary_.InternText(event.name),
                     .dropped_attributes_count = event.dropped_attributes_count});
}

void Memtable::OnLink(const model::LinkView& link) {
  FlushAttributes();
  owner_ = Owner::kLink;
  links_.push_back({.trace_id = link.trace_id,
                    .span_id = link.span_id,
                    .trace_state = dictionary_.InternText(link.trace_state),
                    .flags = link.flags,
                    .dropped_attributes_count = link.dropped_attributes_count});
}

uint64_t Memtable::size_bytes() const {
  return dictionary_.size_bytes() + trace_ids_.size_bytes() + rows_.size_bytes() +
         events_.size_bytes() + links_.size_bytes() + resources_.size_bytes() +
         scopes_.size_bytes() + span_attributes_.size_bytes() + event_attributes_.size_bytes() +
         link_attributes_.size_bytes() + resource_attributes_.size_bytes() +
         scope_attributes_.size_bytes() + trace_index_.size_bytes() + index_bytes_;
}

std::vector<uint32_t> Memtable::RowsOf(const model::TraceId& trace_id) const {
  const uint32_t published = published_rows();
  std::vector<uint32_t> rows;
  for (uint32_t row = trace_index_.Newest(trace_id); row != TraceIndex::kNoRow;
       row = trace_index_.Previous(row)) {
    if (row < published) rows.push_back(row);
  }
  std::ranges::reverse(rows);
  return rows;
}

void Memtable::AnnounceAttributes(const AttributeColumns& columns, uint32_t owner,
                                  model::SpanSink& sink) const {
  columns.ForEachOf(owner, [&](const InternedAttribute& attribute) {
    sink.OnAttribute(dictionary_[attribute.key], ViewOf(attribute, dictionary_));
  });
}

void Memtable::ReadSpans(std::span<const uint32_t> rows, model::SpanSink& sink) const {
  // Within a group the order of `rows` stays.
  std::vector<size_t> places(rows.size());
  std::iota(places.begin(), places.end(), size_t{0});
  std::ranges::sort(places, {}, [&](size_t place) {
    const SpanRow& row = rows_[rows[place]];
    return std::tuple(row.resource, row.scope, place);
  });
  uint32_t resource = UINT32_MAX;
  uint32_t scope = UINT32_MAX;
  for (const size_t place : places) {
    const uint32_t index = rows[place];
    const SpanRow& row = rows_[index];
    if (row.resource != resource) {
      resource = row.resource;
      scope = UINT32_MAX;
      const Origin& origin = resources_[resource];
      sink.OnResource({.schema_url = dictionary_[origin.schema_url],
                       .dropped_attributes_count = origin.dropped_attributes_count});
      AnnounceAttributes(resource_attributes_, resource, sink);
    }
    if (row.scope != scope) {
      scope = row.scope;
      const Origin& origin = scopes_[scope];
      sink.OnScope({.name = dictionary_[origin.name],
                    .version = dictionary_[origin.version],
                    .schema_url = dictionary_[origin.schema_url],
                    .dropped_attributes_count = origin.dropped_attributes_count});
      AnnounceAttributes(scope_attributes_, scope, sink);
    }
    AnnounceSpan(index, sink);
  }
}

void Memtable::AnnounceSpan(uint32_t index, model::SpanSink& sink) const {
  const SpanRow& row = rows_[index];
  sink.OnSpan({.trace_id = trace_ids_[index],
               .span_id = row.span_id,
               .parent_span_id = row.parent_span_id,
               .trace_state = dictionary_[row.trace_state],
               .name = dictionary_[row.name],
               .kind = static_cast<model::SpanKind>(row.kind),
               .start_unix_nano = row.start_unix_nano,
               .end_unix_nano = row.end_unix_nano,
               .status_code = static_cast<model::StatusCode>(row.status_code),
               .status_message = dictionary_[row.status_message],
               .flags = row.flags,
               .dropped_attributes_count = row.dropped_attributes_count,
               .dropped_events_count = row.dropped_events_count,
               .dropped_links_count = row.dropped_links_count});
  AnnounceAttributes(span_attributes_, index, sink);
  for (uint32_t i = row.first_event; i < row.first_event + row.events; ++i) {
    sink.OnEvent({.time_unix_nano = events_[i].time_unix_nano,
                  .name = dictionary_[events_[i].name],
                  .dropped_attributes_count = events_[i].dropped_attributes_count});
    AnnounceAttributes(event_attributes_, i, sink);
  }
  for (uint32_t i = row.first_link; i < row.first_link + row.links; ++i) {
    sink.OnLink({.trace_id = links_[i].trace_id,
                 .span_id = links_[i].span_id,
                 .trace_state = dictionary_[links_[i].trace_state],
                 .flags = links_[i].flags,
                 .dropped_attributes_count = links_[i].dropped_attributes_count});
    AnnounceAttributes(link_attributes_, i, sink);
  }
}

}  // namespace clew::store
