// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "model/tracer.h"
#include "store/memtable_set.h"
#include "store/served_blocks.h"

namespace clew::store {

// The span of one flush, compaction or retention, which ends with this. It is about the tenants
// whose work makes spans, and there is none when it is about no other. Without a tracer it costs
// nothing.
class UpkeepSpan {
 public:
  // `tracer` may be null. The memtables or blocks that are worked on, which it keeps none of.
  UpkeepSpan(model::Tracer* tracer, std::string_view name, const SealedMemtables& sealed);
  UpkeepSpan(model::Tracer* tracer, std::string_view name, const ServedBlocks::Blocks& blocks);

  // Passes a result on, and tells of its error.
  template <typename T>
  base::Result<T> Noted(base::Result<T> result) const {
    if (span_ != nullptr && !result.ok()) span_->Fail(result.error().message);
    return result;
  }
  // What came of it; some may be null.
  void SetWritten(const ServedBlocks::Blocks& blocks) const;

 private:
  model::Tracer* const tracer_;
  std::unique_ptr<model::OwnSpan> span_;
};

}  // namespace clew::store
