// SPDX-License-Identifier: Apache-2.0
// A span is assembled in row_ while its attributes, events and links come in,
// and becomes a row when the next thing is announced: only then is it complete.
// Attributes wait in pending_ so that of a repeated key the last one wins,
// whatever its type.
#include "store/memtable.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"

namespace clew::store {

Memtable::Memtable(size_t max_attribute_columns)
    : span_attributes_(max_attribute_columns),
      event_attributes_(max_attribute_columns),
      link_attributes_(max_attribute_columns),
      resource_attributes_(max_attribute_columns),
      scope_attributes_(max_attribute_columns),
      trace_index_(trace_ids_) {
  const uint32_t empty = dictionary_.Intern("");
  CHECK(empty == kEmptyText);
  // What traces are called by has a column whatever else comes.
  const uint32_t service_name = keys_.NumberOf("service.name");
  resource_attributes_.Reserve(service_name, keys_.CodeOf(service_name),
                               model::ValueView::Type::kString);
}

AttributeColumns& Memtable::AttributesOf(Owner owner) {
  switch (owner) {
    case Owner::kNone:
    case Owner::kResource:
      return resource_attributes_;
    case Owner::kScope:
      return scope_attributes_;
    case Owner::kSpan:
      return span_attributes_;
    case Owner::kEvent:
      return event_attributes_;
    case Owner::kLink:
      return link_attributes_;
  }
  return resource_attributes_;
}

void Memtable::Begin(Owner owner) {
  owner_ = owner;
  attributes_ = &AttributesOf(owner);
  keys_.Begin(static_cast<size_t>(owner));
  ++turn_;
}

void Memtable::OnAttribute(std::string_view key, const model::ValueView& value) {
  const uint32_t number = keys_.NumberOf(key);
  if (number >= key_uses_.size()) key_uses_.resize(number + 1);
  KeyUse& use = key_uses_[number];
  if (use.turn != turn_) {
    use = {turn_, static_cast<uint32_t>(pending_.size())};
    pending_.emplace_back();
  }
  AttributeColumn* const column = attributes_->Find(number, value.type);
  PendingAttribute& pending = pending_[use.place];
  pending = {number, column, {keys_.CodeOf(number), value.type, 0}};
  // The value that came last under this key comes again more often than any other.
  const bool again =
      column != nullptr && column->IsText() && column->has_newest() &&
      base::SameBytes(dictionary_[static_cast<uint32_t>(column->newest())], value.text);
  if (again) {
    pending.attribute.value = column->newest();
  } else if (value.type != model::ValueView::Type::kString) {
    pending.attribute.value = InternValue(value, dictionary_);
  } else if (const std::optional<uint32_t> recent = dictionary_.FindRecent(value.text)) {
    pending.attribute.value = *recent;
  } else {
    Defer(use.place, value.text);
  }
}

// The code of a text that is mostly empty, or one of a few.
uint32_t Memtable::CodeOf(std::string_view text) {
  if (text.empty()) return kEmptyText;
  if (const std::optional<uint32_t> recent = dictionary_.FindRecent(text)) return *recent;
  return dictionary_.InternText(text);
}

void Memtable::Defer(uint32_t attribute, std::string_view text) {
  const uint64_t hash = Dictionary::HashOf(text);
  dictionary_.PrefetchSlot(hash);
  deferred_.push_back({hash, attribute, static_cast<uint32_t>(text.size())});
  pending_[attribute].deferred = static_cast<uint32_t>(deferred_.size());
  texts_.append(text);
}

// The texts of a span lie all over the dictionary, so they are fetched together.
void Memtable::InternDeferred() {
  trace_index_.PrefetchRows();
  if (deferred_.empty()) return;
  for (const PendingText& text : deferred_) dictionary_.PrefetchEntry(text.hash);
  for (const PendingText& text : deferred_) dictionary_.PrefetchBytes(text.hash);
  size_t begin = 0;
  for (uint32_t i = 0; i < deferred_.size(); ++i) {
    const auto& [hash, attribute, size] = deferred_[i];
    const std::string_view text = std::string_view(texts_).substr(begin, size);
    begin += size;
    // Unless the key came again with another value.
    PendingAttribute& pending = pending_[attribute];
    if (pending.deferred == i + 1) pending.attribute.value = dictionary_.InternText(text, hash);
  }
  deferred_.clear();
  texts_.clear();
}

void Memtable::AddPending(AttributeColumns& attributes, uint32_t owner) {
  for (const PendingAttribute& pending : pending_) {
    if (pending.column != nullptr) {
      pending.column->Add(owner, pending.attribute.value);
    } else {
      attributes.Add(owner, pending.key_number, pending.attribute);
    }
  }
}

// The number of the open resource or scope with the attributes that came: the
// old one when all of it is equal. Attributes are sorted for that.
uint32_t Memtable::InternOrigin(base::AppendVector<Origin>& origins, AttributeColumns& attributes,
                                std::unordered_map<std::string, uint32_t>& index) {
  std::ranges::sort(pending_, {}, &PendingAttribute::attribute);
  std::string content(reinterpret_cast<const char*>(&origin_), sizeof origin_);
  content.reserve(sizeof origin_ + pending_.size() * 24);
  for (const PendingAttribute& pending : pending_) {
    const InternedAttribute& attribute = pending.attribute;
    const uint64_t parts[3] = {attribute.key, static_cast<uint64_t>(attribute.type),
                               attribute.value};
    content.append(reinterpret_cast<const char*>(parts), sizeof parts);
  }
  const auto number = static_cast<uint32_t>(origins.size());
  const auto [place, inserted] = index.try_emplace(std::move(content), number);
  if (!inserted) return place->second;
  index_bytes_ += place->first.size() + 64;
  AddPending(attributes, number);
  origins.push_back(origin_);
  return number;
}

// Gives the attributes that came to what was announced last.
void Memtable::FlushAttributes() {
  InternDeferred();
  switch (owner_) {
    case Owner::kNone:
      break;
    case Owner::kResource:
      resource_ = InternOrigin(resources_, resource_attributes_, resource_index_);
      break;
    case Owner::kScope:
      scope_ = InternOrigin(scopes_, scope_attributes_, scope_index_);
      break;
    case Owner::kSpan:
      AddPending(span_attributes_, static_cast<uint32_t>(rows_.size()));
      break;
    case Owner::kEvent:
      AddPending(event_attributes_, static_cast<uint32_t>(events_.size() - 1));
      break;
    case Owner::kLink:
      AddPending(link_attributes_, static_cast<uint32_t>(links_.size() - 1));
      break;
  }
  pending_.clear();
}

uint32_t Memtable::FinishBody() {
  FlushAttributes();
  const bool in_span = owner_ == Owner::kSpan || owner_ == Owner::kEvent || owner_ == Owner::kLink;
  if (in_span) {
    row_.traits = traits_.Intern(row_traits_);
    row_.end_event = static_cast<uint32_t>(events_.size());
    row_.end_link = static_cast<uint32_t>(links_.size());
    trace_ids_.push_back(row_trace_id_);
    rows_.push_back(row_);
    trace_index_.Add(static_cast<uint32_t>(rows_.size() - 1));
  }
  owner_ = Owner::kNone;
  return static_cast<uint32_t>(rows_.size());
}

void Memtable::OnResource(const model::ResourceView& resource) {
  FinishBody();
  Begin(Owner::kResource);
  origin_ = {.schema_url = CodeOf(resource.schema_url),
             .dropped_attributes_count = resource.dropped_attributes_count};
}

void Memtable::OnScope(const model::ScopeView& scope) {
  FinishBody();
  Begin(Owner::kScope);
  origin_ = {.name = CodeOf(scope.name),
             .version = CodeOf(scope.version),
             .schema_url = CodeOf(scope.schema_url),
             .dropped_attributes_count = scope.dropped_attributes_count};
}

void Memtable::OnSpan(const model::SpanView& span) {
  FinishBody();
  Begin(Owner::kSpan);
  row_trace_id_ = span.trace_id;
  trace_index_.Prefetch(span.trace_id);
  row_ = {.span_id = span.span_id,
          .parent_span_id = span.parent_span_id,
          .start_unix_nano = span.start_unix_nano,
          .end_unix_nano = span.end_unix_nano,
          .name = CodeOf(span.name)};
  row_traits_ = {.resource = resource_,
                 .scope = scope_,
                 .kind = static_cast<int32_t>(span.kind),
                 .status_code = static_cast<int32_t>(span.status_code),
                 .status_message = CodeOf(span.status_message),
                 .trace_state = CodeOf(span.trace_state),
                 .flags = span.flags,
                 .dropped_attributes_count = span.dropped_attributes_count,
                 .dropped_events_count = span.dropped_events_count,
                 .dropped_links_count = span.dropped_links_count};
}

void Memtable::OnEvent(const model::EventView& event) {
  FlushAttributes();
  Begin(Owner::kEvent);
  events_.push_back({.time_unix_nano = event.time_unix_nano,
                     .name = CodeOf(event.name),
                     .dropped_attributes_count = event.dropped_attributes_count});
}

void Memtable::OnLink(const model::LinkView& link) {
  FlushAttributes();
  Begin(Owner::kLink);
  links_.push_back({.trace_id = link.trace_id,
                    .span_id = link.span_id,
                    .trace_state = CodeOf(link.trace_state),
                    .flags = link.flags,
                    .dropped_attributes_count = link.dropped_attributes_count});
}

uint64_t Memtable::size_bytes() const {
  return sizeof *this + dictionary_.size_bytes() + keys_.size_bytes() + traits_.size_bytes() +
         pending_.capacity() * sizeof(PendingAttribute) +
         deferred_.capacity() * sizeof(PendingText) + texts_.capacity() +
         key_uses_.capacity() * sizeof(KeyUse) + trace_ids_.size_bytes() + rows_.size_bytes() +
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

}  // namespace clew::store
