// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "query/cancellation.h"
#include "query/eval/regexes.h"
#include "query/left_out.h"
#include "query/metrics/exemplar_picker.h"
#include "query/metrics/measured_groups.h"
#include "query/metrics/time_axis.h"
#include "query/scan_threads.h"
#include "store/block.h"

namespace clew::query {

// A row group that was measured by codes, and which of its rows.
struct MeasuredRows {
  const store::Block* block = nullptr;
  size_t group = 0;
  std::optional<RowSet> rows{};                               // none: all
  int64_t first_start = std::numeric_limits<int64_t>::max();  // of their pages
  int64_t last_start = std::numeric_limits<int64_t>::min();
  std::vector<uint32_t> groups_of_codes{};  // see CodedMeasure

  static base::Result<MeasuredRows> Of(const SelectedRows& selected);
};

// What is gone through for them, all of which outlives the call.
struct ExemplarMeans {
  const traceql::MetricsAggregate& aggregate;
  const TimeAxis& axis;
  Regexes& regexes;
  const Cancellation& cancellation;
  LeftOut* left_out;
  ScanThreads* threads;  // null: the calling thread alone
};

// Shows spans of row groups that were measured by codes, beside samples that were chosen once all
// are known.
base::Status ShowCodedExemplars(const ExemplarMeans& means, std::vector<MeasuredRows> all,
                                std::vector<ExemplarPicker::Place> chosen, MeasuredGroups& groups);

}  // namespace clew::query
