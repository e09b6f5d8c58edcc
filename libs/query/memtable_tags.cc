// SPDX-License-Identifier: Apache-2.0
// Which spans are in the range decides which resources and instrumentation scopes
// are. Attributes of spans and resources are read column by column, so that a key
// is compared once a column. Those of events, links and instrumentation scopes come
// by reading spans out: for each scope one span that has it, for events and links
// the spans that have any.
#include <algorithm>
#include <functional>
#include <set>
#include <span>
#include <utility>

#include "query/cancellation.h"
#include "query/keywords.h"
#include "query/scope_listener.h"
#include "query/source_tags.h"
#include "query/tag_match.h"
#include "store/row_reader.h"

namespace clew::query {
namespace {

using Type = model::ValueView::Type;
using Attribute = store::InternedAttribute;

// The scope of tags that are only read out.
bool IsNested(TagScope scope) {
  return scope == TagScope::kEvent || scope == TagScope::kLink ||
         scope == TagScope::kInstrumentation;
}

// The scope that an intrinsic is heard in; kSpan for those of spans and traces.
TagScope ScopeOfIntrinsic(std::string_view name) {
  if (name.starts_with("event:")) return TagScope::kEvent;
  if (name.starts_with("link:")) return TagScope::kLink;
  return name.starts_with("instrumentation:") ? TagScope::kInstrumentation : TagScope::kSpan;
}

// The spans of a range, and the lists of their tags.
class TagScan {
 public:
  TagScan(const store::Memtable& memtable, const TimeRange& range, std::stop_token cancelled)
      : memtable_(memtable),
        cancellation_(std::move(cancelled)),
        spans_(memtable.published_rows()),
        resources_(memtable.resource_count()) {
    for (uint32_t row = 0; row < spans_.size() && !cancellation_.CancelledAfterRow(); ++row) {
      if (!range.Contains(memtable.row(row).start_unix_nano)) continue;
      spans_[row] = true;
      resources_[memtable.traits_of(memtable.row(row)).resource] = true;
    }
  }

  base::Status AddNames(TagScope scope, TagNames& names) {
    if (IsNested(scope)) {
      const auto add = [&](std::string_view key, const model::ValueView&) {
        if (!names.contains(key)) names.emplace(key);
      };
      ReadOut(scope, ScopeListener(scope, add, Ignore));
    }
    for (const Columns& columns : ColumnsOf(scope)) AddNames(columns, names);
    if (cancellation_.Look()) return QueryCancelled();
    return {};
  }

  base::Status AddValues(const Tag& tag, TagValues& values) {
    if (tag.scope == TagScope::kIntrinsic) {
      AddIntrinsic(tag.key, values);
    } else if (IsNested(tag.scope)) {
      const auto add = [&](std::string_view key, const model::ValueView& value) {
        if (key == tag.key) Add(value, values);
      };
      ReadOut(tag.scope, ScopeListener(tag.scope, add, Ignore));
    }
    for (const Columns& columns : ColumnsOf(tag.scope)) AddValues(columns, tag.key, values);
    if (cancellation_.Look()) return QueryCancelled();
    return {};
  }

 private:
  struct Columns {
    const store::AttributeColumns& attributes;
    const std::vector<bool>& owners;  // those in the range
  };

  static void Ignore(std::string_view, const model::ValueView&) {}

  static void Add(const model::ValueView& value, TagValues& values) { AddTagValue(value, values); }

  std::vector<Columns> ColumnsOf(TagScope scope) const {
    std::vector<Columns> columns;
    const bool any = scope == TagScope::kAny;
    if (any || scope == TagScope::kResource) {
      columns.push_back({memtable_.resource_attributes(), resources_});
    }
    if (any || scope == TagScope::kSpan) columns.push_back({memtable_.span_attributes(), spans_});
    return columns;
  }

  // Calls `visit(value)` for the entries of a column whose owner is in the range,
  // until it returns false.
  template <typename Visit>
  void ForEachEntry(const store::AttributeColumn& column, const std::vector<bool>& owners,
                    Visit visit) {
    column.ForEach(static_cast<uint32_t>(owners.size()), [&](uint32_t owner, uint64_t value) {
      return !cancellation_.CancelledAfterRow() && (!owners[owner] || visit(value));
    });
  }

  // Likewise for attributes without a column of their own.
  template <typename Visit>
  void ForEachOther(const Columns& columns, Visit visit) {
    columns.attributes.ForEachOther([&](uint32_t owner, const Attribute& attribute) {
      if (cancellation_.CancelledAfterRow()) return;
      if (owner < columns.owners.size() && columns.owners[owner]) visit(attribute);
    });
  }

  void AddNames(const Columns& columns, TagNames& names) {
    std::set<uint32_t> keys;
    for (size_t i = 0; i < columns.attributes.column_count(); ++i) {
      const store::AttributeColumn& column = columns.attributes.column(i);
      ForEachEntry(column, columns.owners, [&](uint64_t) {
        keys.insert(column.key());
        return false;
      });
    }
    ForEachOther(columns, [&](const Attribute& attribute) { keys.insert(attribute.key); });
    for (const uint32_t key : keys) names.emplace(memtable_.dictionary()[key]);
  }

  void AddValues(const Columns& columns, std::string_view key, TagValues& values) {
    std::set<Attribute> attributes;
    for (size_t i = 0; i < columns.attributes.column_count(); ++i) {
      const store::AttributeColumn& column = columns.attributes.column(i);
      if (memtable_.dictionary()[column.key()] != key) continue;
      ForEachEntry(column, columns.owners, [&](uint64_t value) {
        attributes.insert({column.key(), column.type(), value});
        return true;
      });
    }
    ForEachOther(columns, [&](const Attribute& attribute) {
      if (memtable_.dictionary()[attribute.key] == key) attributes.insert(attribute);
    });
    for (const Attribute& attribute : attributes) {
      Add(store::ViewOf(attribute, memtable_.dictionary()), values);
    }
  }

  // Reads out spans of the range in which something of `scope` may be heard.
  void ReadOut(TagScope scope, ScopeListener listener) {
    std::vector<uint32_t> rows;
    std::set<uint32_t> scopes;
    for (uint32_t row = 0; row < spans_.size() && !cancellation_.CancelledAfterRow(); ++row) {
      if (!spans_[row]) continue;
      const bool event = scope == TagScope::kEvent && memtable_.events_of(row).size() > 0;
      const bool link = scope == TagScope::kLink && memtable_.links_of(row).size() > 0;
      const bool instrumentation =
          scope == TagScope::kInstrumentation &&
          scopes.insert(memtable_.traits_of(memtable_.row(row)).scope).second;
      if (event || link || instrumentation) rows.push_back(row);
    }
    std::span<const uint32_t> rest = rows;
    while (!rest.empty() && !cancellation_.Look()) {
      const size_t count = std::min<size_t>(rest.size(), kRowsBetweenLooks);
      const std::span<const uint32_t> some = rest.first(count);
      store::ReadRows(memtable_, {some.begin(), some.end()}, listener);
      rest = rest.subspan(count);
    }
  }

  void AddIntrinsic(std::string_view name, TagValues& values) {
    const TagScope scope = ScopeOfIntrinsic(name);
    if (scope == TagScope::kSpan) {
      AddIntrinsicOfSpans(name, values);
      return;
    }
    const auto add = [&](std::string_view key, const model::ValueView& value) {
      if (key == name) Add(value, values);
    };
    ReadOut(scope, ScopeListener(scope, Ignore, add));
  }

  void AddIntrinsicOfSpans(std::string_view name, TagValues& values) {
    const store::Dictionary& texts = memtable_.dictionary();
    const auto traits = [&](const store::SpanRow& span) -> const store::SpanTraits& {
      return memtable_.traits_of(span);
    };
    if (name == "name" || name == "rootName") {
      AddTexts(name, "string", values, [&](const auto& span) { return texts[span.name]; });
    } else if (name == "rootServiceName") {
      const std::vector<std::string_view> services = ServiceNames(memtable_);
      AddTexts(name, "string", values,
               [&](const auto& span) { return services[traits(span).resource]; });
    } else if (name == "statusMessage") {
      AddTexts(name, "string", values,
               [&](const auto& span) { return texts[traits(span).status_message]; });
    } else if (name == "status") {
      AddTexts(name, "keyword", values,
               [&](const auto& span) { return StatusKeyword(traits(span).status_code); });
    } else if (name == "kind") {
      AddTexts(name, "keyword", values,
               [&](const auto& span) { return KindKeyword(traits(span).kind); });
    }
  }

  // Adds what `read` finds in the spans, or in the roots for what is the root's.
  template <typename Read>
  void AddTexts(std::string_view name, std::string_view type, TagValues& values, Read read) {
    const bool of_root = name.starts_with("root");
    std::set<std::string_view> texts;
    for (uint32_t row = 0; row < spans_.size() && !cancellation_.CancelledAfterRow(); ++row) {
      const store::SpanRow& span = memtable_.row(row);
      if (!spans_[row] || (of_root && span.parent_span_id.IsValid())) continue;
      texts.insert(read(span));
    }
    texts.erase("");
    for (const std::string_view text : texts) values.insert({std::string(type), std::string(text)});
  }

  const store::Memtable& memtable_;
  Cancellation cancellation_;
  std::vector<bool> spans_;      // by row: in the range
  std::vector<bool> resources_;  // of those spans
};

}  // namespace

base::Status AddTagNames(const store::Memtable& memtable, const TagQuestion& question,
                         TagScope scope, TagNames& names) {
  return TagScan(memtable, question.range, question.cancelled).AddNames(scope, names);
}

base::Status AddTagValues(const store::Memtable& memtable, const TagQuestion& question,
                          const Tag& tag, TagValues& values) {
  return TagScan(memtable, question.range, question.cancelled).AddValues(tag, values);
}

}  // namespace clew::query
