// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

namespace clew::wire {

// Puts the spans of a body together that share a resource and scope, which each span of Zipkin
// carries by itself. It keeps where they are (a `Place`, a few bytes) and no span: a body of
// many tiny ones takes little more than its own size, and each is read twice.
//
// A Translator has GroupKeyOf(span), which is equal for spans of one group, and announces a
// group's resource and scope, and a span.
template <typename Translator, typename Place>
class ZipkinGroups {
 public:
  // `span` is what was read at `place`.
  template <typename Span>
  void Add(const Span& span, Place place) {
    const auto [group, added] = index_.try_emplace(Translator::GroupKeyOf(span), groups_.size());
    if (added) groups_.emplace_back();
    groups_[group->second].push_back(place);
  }

  // Groups in the order of their first spans. `read` gives the span at a place again.
  template <typename Read>
  void Announce(Translator& translator, Read read) const {
    for (const std::vector<Place>& places : groups_) {
      translator.AnnounceGroup(read(places.front()));
      for (const Place& place : places) translator.AnnounceSpan(read(place));
    }
  }

 private:
  std::unordered_map<std::string, size_t> index_;
  std::vector<std::vector<Place>> groups_;
};

// A key of texts; where one ends shows.
class ZipkinGroupKey {
 public:
  void Add(std::string_view text) {
    key_ += std::to_string(text.size());
    key_ += ':';
    key_ += text;
  }
  std::string Take() { return std::move(key_); }

 private:
  std::string key_;
};

}  // namespace clew::wire
