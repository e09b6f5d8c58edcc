// SPDX-License-Identifier: Apache-2.0
#include "ledger/compare/call_paths.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "ledger/family.h"

namespace clew::ledger {

uint32_t CallPaths::NodeOf(uint32_t parent, const Operation& operation) {
  const std::pair key(parent, operation);
  const auto known = known_.find(key);
  if (known != known_.end()) return known->second;
  if (nodes_.size() >= kMaxNodes) return parent != kNone ? parent : 0;
  const auto node = static_cast<uint32_t>(nodes_.size());
  known_.emplace(key, node);
  nodes_.push_back({.parent = parent, .operation = operation, .own = {}});
  return node;
}

uint32_t CallPaths::Place(const Trace& trace, const std::vector<uint32_t>& parents, uint32_t span,
                          std::vector<uint32_t>& node_of) {
  std::vector<uint32_t> way;
  for (; span != kNone && node_of[span] == kNone; span = parents[span]) way.push_back(span);
  uint32_t node = span == kNone ? kNone : node_of[span];
  for (; !way.empty(); way.pop_back()) {
    const Span& below = trace.spans[way.back()];
    node = NodeOf(node, {.service = below.service, .name = below.operation});
    node_of[way.back()] = node;
  }
  return node;
}

void CallPaths::Add(const Trace& trace, const TraceLedger& ledger) {
  if (ledger.accounts.empty()) return;
  const std::vector<uint32_t> parents = ParentsOf(trace);
  std::vector<uint32_t> node_of(trace.spans.size(), kNone);
  std::unordered_map<uint32_t, uint64_t> own;  // by node
  std::unordered_set<uint32_t> counted;        // spans
  for (const Segment& segment : ledger.SegmentsOf(ledger.accounts.front())) {
    if (segment.nanos() == 0) continue;
    const uint32_t node = Place(trace, parents, segment.span, node_of);
    own[node] += segment.nanos();
    if (counted.insert(segment.span).second) ++nodes_[node].spans;
  }
  for (const auto& [node, nanos] : own) {
    nodes_[node].own.Add(nanos);
    for (uint32_t up = node; up != kNone; up = nodes_[up].parent) nodes_[up].nanos += nanos;
  }
}

std::vector<uint32_t> CallPaths::LeftHeavy() const {
  std::vector<std::vector<uint32_t>> below(nodes_.size() + 1);  // the last: of none
  for (uint32_t node = 0; node < nodes_.size(); ++node) {
    below[std::min<size_t>(nodes_[node].parent, nodes_.size())].push_back(node);
  }
  const auto lighter = [this](uint32_t left, uint32_t right) {
    return std::pair(nodes_[left].nanos, nodes_[right].operation) <
           std::pair(nodes_[right].nanos, nodes_[left].operation);
  };
  for (std::vector<uint32_t>& one : below) std::ranges::sort(one, lighter);
  std::vector<uint32_t> order, left = std::move(below.back());
  while (!left.empty()) {
    const uint32_t node = left.back();
    left.pop_back();
    order.push_back(node);
    left.insert(left.end(), below[node].begin(), below[node].end());
  }
  return order;
}

}  // namespace clew::ledger
