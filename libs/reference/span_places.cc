// SPDX-License-Identifier: Apache-2.0
// Which span is whose child, for all that senders do:
//
//   - The parent of a SERVER span is a CLIENT span of its own id, if there is one (Zipkin's
//     shared spans).
//   - Of any other it is the span with the id that it names, but never itself. Of several a
//     SERVER comes first.
//   - Among equals the first counts.
//   - In a circle the first span loses its parent.
//
// Roots are the spans that name no parent. A span is connected when its ancestors lead up to
// a root; only connected spans have the numbers of a nested set. They are given in a walk from
// root to root, and from child to child, in the order of the spans: one on the way into each
// span and one on the way out.
//
// Everything here is looked for by going through all spans, which is slow and plain.
#include "reference/span_places.h"

namespace clew::reference {
namespace {

using Spans = std::span<const Span* const>;

bool IsServer(const Span& span) {
  return span.kind == traceql::SpanKind::kServer;
}

bool IsClient(const Span& span) {
  return span.kind == traceql::SpanKind::kClient;
}

size_t TwinOf(Spans spans, size_t server) {
  for (size_t i = 0; i < spans.size(); ++i) {
    if (IsClient(*spans[i]) && spans[i]->span_id == spans[server]->span_id) return i;
  }
  return SpanPlace::kNoParent;
}

size_t NamedParentOf(Spans spans, size_t child) {
  size_t found = SpanPlace::kNoParent;
  if (!spans[child]->parent_span_id.IsValid()) return found;
  for (size_t i = 0; i < spans.size(); ++i) {
    if (i == child || spans[i]->span_id != spans[child]->parent_span_id) continue;
    if (IsServer(*spans[i])) return i;
    if (found == SpanPlace::kNoParent) found = i;
  }
  return found;
}

size_t ParentOf(Spans spans, size_t child) {
  if (IsServer(*spans[child])) {
    const size_t twin = TwinOf(spans, child);
    if (twin != SpanPlace::kNoParent) return twin;
  }
  return NamedParentOf(spans, child);
}

bool IsInCircle(const std::vector<SpanPlace>& places, size_t span) {
  size_t at = places[span].parent;
  for (size_t steps = 0; steps < places.size() && at != SpanPlace::kNoParent; ++steps) {
    if (at == span) return true;
    at = places[at].parent;
  }
  return false;
}

// Gives the numbers of a nested set to a root and all below it.
class NestedSet {
 public:
  NestedSet(std::vector<SpanPlace>& places, std::vector<std::vector<size_t>> children)
      : places_(places), children_(std::move(children)) {}

  void Walk(size_t root) {
    Enter(root, -1);
    while (!open_.empty()) {
      Visit& visit = open_.back();
      const std::vector<size_t>& children = children_[visit.span];
      if (visit.next_child < children.size()) {
        Enter(children[visit.next_child++], places_[visit.span].nested_set_left);
      } else {
        places_[visit.span].nested_set_right = ++last_;
        open_.pop_back();
      }
    }
  }

 private:
  struct Visit {
    size_t span;
    size_t next_child;
  };

  void Enter(size_t span, int64_t parent) {
    places_[span].nested_set_left = ++last_;
    places_[span].nested_set_parent = parent;
    open_.push_back({span, 0});
  }

  std::vector<SpanPlace>& places_;
  std::vector<std::vector<size_t>> children_;
  std::vector<Visit> open_;
  int64_t last_ = 0;
};

}  // namespace

std::vector<SpanPlace> PlacesOf(Spans spans) {
  std::vector<SpanPlace> places(spans.size());
  for (size_t i = 0; i < spans.size(); ++i) places[i].parent = ParentOf(spans, i);
  for (size_t i = 0; i < spans.size(); ++i) {
    if (IsInCircle(places, i)) places[i].parent = SpanPlace::kNoParent;
  }
  std::vector<std::vector<size_t>> children(spans.size());
  for (size_t i = 0; i < spans.size(); ++i) {
    if (places[i].parent != SpanPlace::kNoParent) children[places[i].parent].push_back(i);
  }
  for (size_t i = 0; i < spans.size(); ++i) {
    places[i].child_count = static_cast<int64_t>(children[i].size());
  }
  NestedSet numbers(places, std::move(children));
  for (size_t i = 0; i < spans.size(); ++i) {
    const bool root =
        places[i].parent == SpanPlace::kNoParent && !spans[i]->parent_span_id.IsValid();
    if (root) numbers.Walk(i);
  }
  return places;
}

}  // namespace clew::reference
