// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/append_vector.h"
#include "base/published.h"
#include "model/span_sink.h"
#include "store/attribute_columns.h"
#include "store/attribute_keys.h"
#include "store/dictionary.h"
#include "store/interned_rows.h"
#include "store/trace_index.h"

namespace clew::store {

// A resource or an instrumentation scope, stored once and referred to by number.
struct Origin {
  uint32_t name = 0, version = 0;  // of a scope; dictionary codes
  uint32_t schema_url = 0;
  uint32_t dropped_attributes_count = 0;
};

// What many spans have alike, stored once: where they come from and how they went.
struct SpanTraits {
  uint32_t resource = 0, scope = 0;  // numbers
  int32_t kind = 0, status_code = 0;
  uint32_t status_message = 0, trace_state = 0;  // dictionary codes
  uint32_t flags = 0;
  uint32_t dropped_attributes_count = 0, dropped_events_count = 0, dropped_links_count = 0;
};

// What a span has for itself; its events and links begin where those of the row before end.
struct SpanRow {
  model::SpanId span_id, parent_span_id;
  int64_t start_unix_nano = 0, end_unix_nano = 0;
  uint32_t name = 0;    // dictionary code
  uint32_t traits = 0;  // number
  uint32_t end_event = 0, end_link = 0;
};

// Numbers [first, end) of events or links.
struct ElementRange {
  uint32_t first = 0, end = 0;
  uint32_t size() const { return end - first; }
};

struct EventRow {
  int64_t time_unix_nano = 0;
  uint32_t name = 0, dropped_attributes_count = 0;
};

struct LinkRow {
  model::TraceId trace_id;
  model::SpanId span_id;
  uint32_t trace_state = 0, flags = 0, dropped_attributes_count = 0;
};

// The spans of one tenant, append-only. One thread writes (through the sink it
// is), any number read without a lock: rows become visible when they are
// published, all that they refer to was written before. Bodies are validated
// before they come here, so writing cannot fail and nothing is ever taken back.
class Memtable final : public model::SpanSink {
 public:
  // Of each kind of owner so many attributes have columns of their own.
  explicit Memtable(size_t max_attribute_columns = AttributeColumns::kMaxAttributeColumns);

  // Writer side.
  void OnResource(const model::ResourceView& resource) override;
  void OnScope(const model::ScopeView& scope) override;
  void OnSpan(const model::SpanView& span) override;
  void OnEvent(const model::EventView& event) override;
  void OnLink(const model::LinkView& link) override;
  void OnAttribute(std::string_view key, const model::ValueView& value) override;
  void OnRejectedSpan(model::RejectReason) override {}
  // Ends a body: the number of rows written so far, for Publish.
  uint32_t FinishBody();
  uint64_t size_bytes() const;

  // Makes the first `rows` rows visible. From any one thread at a time, in rising order.
  void Publish(uint32_t rows) { published_.Set(rows); }

  // Reader side: rows below published_rows().
  uint32_t published_rows() const { return published_.Get(); }
  const SpanRow& row(uint32_t index) const { return rows_[index]; }
  const SpanTraits& traits_of(const SpanRow& row) const { return traits_[row.traits]; }
  ElementRange events_of(uint32_t index) const {
    return {index == 0 ? 0 : rows_[index - 1].end_event, rows_[index].end_event};
  }
  ElementRange links_of(uint32_t index) const {
    return {index == 0 ? 0 : rows_[index - 1].end_link, rows_[index].end_link};
  }
  const model::TraceId& trace_id(uint32_t index) const { return trace_ids_[index]; }
  const Dictionary& dictionary() const { return dictionary_; }
  const AttributeColumns& span_attributes() const { return span_attributes_; }
  const AttributeColumns& resource_attributes() const { return resource_attributes_; }
  const AttributeColumns& scope_attributes() const { return scope_attributes_; }
  const AttributeColumns& event_attributes() const { return event_attributes_; }
  const AttributeColumns& link_attributes() const { return link_attributes_; }
  size_t traits_count() const { return traits_.size(); }
  const SpanTraits& traits(uint32_t number) const { return traits_[number]; }
  size_t resource_count() const { return resources_.size(); }
  size_t scope_count() const { return scopes_.size(); }
  size_t event_count() const { return events_.size(); }
  size_t link_count() const { return links_.size(); }
  const Origin& resource(uint32_t index) const { return resources_[index]; }
  const Origin& scope(uint32_t index) const { return scopes_[index]; }
  const EventRow& event(uint32_t index) const { return events_[index]; }
  const LinkRow& link(uint32_t index) const { return links_[index]; }

  // The visible rows of a trace, ascending.
  std::vector<uint32_t> RowsOf(const model::TraceId& trace_id) const;

 private:
  enum class Owner : uint8_t { kNone, kResource, kScope, kSpan, kEvent, kLink };
  struct PendingAttribute {
    uint32_t key_number;
    AttributeColumn* column;  // or null
    InternedAttribute attribute;
    uint32_t deferred = 0;  // the number + 1 of the text it waits for, or 0
  };
  // A pending attribute's text that waits to be interned, at the end of texts_ when it came.
  struct PendingText {
    uint64_t hash;
    uint32_t attribute;  // in pending_
    uint32_t size;
  };
  // Where a repeated key finds its attribute among the pending ones.
  struct KeyUse {
    uint64_t turn = 0;
    uint32_t place = 0;
  };
  static constexpr uint32_t kEmptyText = 0;
  uint32_t CodeOf(std::string_view text);
  void Begin(Owner owner);
  AttributeColumns& AttributesOf(Owner owner);
  void Defer(uint32_t attribute, std::string_view text);
  void InternDeferred();
  void AddPending(AttributeColumns& attributes, uint32_t owner);
  void FlushAttributes();
  uint32_t InternOrigin(base::AppendVector<Origin>& origins, AttributeColumns& attributes,
                        std::unordered_map<std::string, uint32_t>& index);

  Dictionary dictionary_;
  AttributeKeys keys_{dictionary_};
  InternedRows<SpanTraits> traits_;
  base::AppendVector<model::TraceId> trace_ids_;
  base::AppendVector<SpanRow> rows_;
  base::AppendVector<EventRow> events_;
  base::AppendVector<LinkRow> links_;
  base::AppendVector<Origin> resources_, scopes_;
  AttributeColumns span_attributes_, event_attributes_, link_attributes_, resource_attributes_,
      scope_attributes_;
  TraceIndex trace_index_;
  base::Published<uint32_t> published_;

  // What the writer is in the middle of.
  Owner owner_ = Owner::kNone;
  Origin origin_{};  // the open resource or scope
  SpanRow row_{};    // the open span, with the two below
  SpanTraits row_traits_{};
  model::TraceId row_trace_id_{};
  AttributeColumns* attributes_ = &resource_attributes_;  // of what is open
  std::vector<PendingAttribute> pending_;
  std::vector<PendingText> deferred_;
  std::string texts_;             // of deferred_, one after the other
  std::vector<KeyUse> key_uses_;  // by key number
  uint64_t turn_ = 0;             // of pending_
  std::unordered_map<std::string, uint32_t> resource_index_, scope_index_;
  uint32_t resource_ = 0, scope_ = 0;
  uint64_t index_bytes_ = 0;
};

}  // namespace clew::store
