// SPDX-License-Identifier: Apache-2.0
#include "store/admission.h"

#include <algorithm>
#include <utility>

namespace clew::store {

base::Status CheckMemory(uint64_t held_bytes, uint64_t more_bytes, uint64_t limit_bytes,
                         const std::optional<base::Error>& flush_error) {
  if (held_bytes + more_bytes <= limit_bytes) return {};
  std::string message = "the store holds " + std::to_string(held_bytes) + " bytes of at most " +
                        std::to_string(limit_bytes) +
                        " in memory; try again later or raise the limit";
  if (flush_error) message += "; nothing could be flushed: " + flush_error->message;
  return base::Error{base::ErrorCode::kExhausted, std::move(message)};
}

void MergeDebt::NoteLook(const base::Status& status) {
  hindrance_.reset();
  if (!status.ok()) hindrance_ = status.error().message;
}

size_t MergeDebt::worst() const {
  size_t worst = 0;
  for (const auto& [tenant, count] : unmerged_) worst = std::max(worst, count);
  return worst;
}

size_t MergeDebt::total() const {
  size_t total = 0;
  for (const auto& [tenant, count] : unmerged_) total += count;
  return total;
}

base::Status MergeDebt::Check(std::string_view tenant) const {
  const auto found = unmerged_.find(tenant);
  if (found == unmerged_.end() || found->second <= limits_.max_unmerged) return {};
  std::string message = std::to_string(found->second) + " blocks of at most " +
                        std::to_string(limits_.max_unmerged) +
                        " wait to be merged; try again later";
  if (hindrance_) message += "; nothing could be merged: " + *hindrance_;
  return base::Error{base::ErrorCode::kExhausted, std::move(message)};
}

}  // namespace clew::store
