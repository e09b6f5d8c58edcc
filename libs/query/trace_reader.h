// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <stop_token>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "query/block_rows.h"
#include "query/eval/block_fields.h"
#include "query/eval/field_set.h"
#include "query/eval/memtable_fields.h"
#include "query/eval/trace_view.h"
#include "query/left_out.h"
#include "query/trace_lookup.h"
#include "query/trace_place.h"
#include "store/sources.h"

namespace clew::query {

// What rows of a memtable are to their trace.
std::vector<ViewedSpan> ViewRows(const store::Memtable& memtable,
                                 const std::vector<uint32_t>& rows);

// Brings traces to evaluation. One that lies whole in one row group of one block is looked
// at where it is; any other is put together first. One thread.
class TraceReader {
 public:
  // Row groups whose columns are kept: traces come newest first, and a few blocks in turn.
  static constexpr size_t kMaxGroups = 8;

  // All that is given outlives it, and so do the expressions its fields are asked for.
  TraceReader(const store::Sources& sources, const TimeRange& range, Regexes& regexes,
              std::stop_token cancelled, LeftOut* left_out, size_t max_groups = kMaxGroups)
      : max_groups_(max_groups),
        sources_(sources),
        range_(range),
        regexes_(regexes),
        cancelled_(std::move(cancelled)),
        left_out_(left_out) {}

  // Of attributes only those of these keys will be asked for, so that others need not be read.
  void AskOnly(std::vector<std::string_view> keys) { keys_ = std::move(keys); }

  // What a trace is and what its spans say; until the next is read; nullopt: there
  // is none.
  struct Trace {
    TraceView view;
    FieldSet& fields;
  };
  // `known` is the place of a part of it, if that is known.
  base::Result<std::optional<Trace>> Read(const model::TraceId& trace_id,
                                          const TracePlace& known = {});

 private:
  // A row group that traces were read from. Its parts refer to each other.
  struct Group {
    Group(const store::Block& of, size_t at, const store::Block::Spans& opened)
        : block(of), index(at), spans(opened) {}
    base::Status Open(Regexes& regexes, RunCounters* counters);

    const store::Block& block;
    const size_t index;
    const store::Block::Spans spans;
    std::optional<BlockRows> rows{};
    std::optional<BlockFields> columns{};
    std::optional<FieldSet> fields{};
  };
  // A trace that was put together, or a memtable in which some lie.
  struct Assembled {
    Assembled(std::shared_ptr<const store::Memtable> of, Regexes& regexes)
        : memtable(std::move(of)), columns(*memtable), fields(columns, regexes) {}

    // Fields know only the attributes that were there when they were made.
    bool IsOf(const store::Memtable& other) const {
      return memtable.get() == &other && rows == other.published_rows();
    }

    const std::shared_ptr<const store::Memtable> memtable;
    const uint32_t rows = memtable->published_rows();
    MemtableFields columns;
    FieldSet fields;
  };

  base::Result<TracePlace> OnlyPlace(const model::TraceId& trace_id, const TracePlace& known);
  base::Result<std::optional<Trace>> ReadInPlace(const TracePlace& place);
  base::Result<std::optional<Trace>> Assemble(const model::TraceId& trace_id);
  base::Result<FoundTrace> Find(const model::TraceId& trace_id);
  base::Result<Group*> GroupOf(const store::Block& block, size_t index);

  const size_t max_groups_;
  const store::Sources& sources_;
  const TimeRange& range_;
  Regexes& regexes_;
  const std::stop_token cancelled_;
  LeftOut* const left_out_;
  std::optional<std::vector<std::string_view>> keys_;  // none: any may be asked for
  std::list<Group> groups_;                            // the one used last in front
  std::optional<Assembled> assembled_;
};

}  // namespace clew::query
