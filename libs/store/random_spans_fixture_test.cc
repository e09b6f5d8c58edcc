// SPDX-License-Identifier: Apache-2.0
#include "store/random_spans_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace clew::store {
namespace {

// The most keys that one thing has.
class MostKeys final : public model::SpanSink {
 public:
  void OnResource(const model::ResourceView&) override { keys_.clear(); }
  void OnScope(const model::ScopeView&) override { keys_.clear(); }
  void OnSpan(const model::SpanView&) override { keys_.clear(); }
  void OnEvent(const model::EventView&) override { keys_.clear(); }
  void OnLink(const model::LinkView&) override { keys_.clear(); }
  void OnAttribute(std::string_view key, const model::ValueView&) override {
    keys_.emplace(key);
    most = std::max(most, keys_.size());
  }
  void OnRejectedSpan(model::RejectReason) override {}

  size_t most = 0;

 private:
  std::set<std::string> keys_;
};

// They are what the tests of the store mean by very many.
TEST(RandomSpans, HaveTenThousandKeysNowAndThen) {
  std::mt19937_64 random(1);
  MostKeys keys;
  WriteRandomSpans(random, 3000, keys);
  EXPECT_EQ(keys.most, 10'000u);
}

}  // namespace
}  // namespace clew::store
