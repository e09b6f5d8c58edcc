// SPDX-License-Identifier: Apache-2.0
#include "load/entropy_floor.h"

#include <gmock/gmock.h>

namespace clew::load {
namespace {

EntropyFloor FloorOf(const Profile& profile) {
  const TraceGenerator generator(profile, {.seed = 1, .start_ns = 1'700'000'000'000'000'000});
  return ComputeEntropyFloor(generator, 5000);
}

double BytesOf(const EntropyFloor& floor, const std::string& name) {
  for (const ColumnFloor& column : floor.columns) {
    if (column.column == name) return column.bytes_per_span;
  }
  ADD_FAILURE() << "no column " << name;
  return -1;
}

TEST(EntropyFloor, IsTheSumOfItsColumns) {
  const EntropyFloor floor = FloorOf(FindProfile("web1").value());
  double sum = 0;
  for (const ColumnFloor& column : floor.columns) sum += column.bytes_per_span;
  EXPECT_NEAR(floor.bytes_per_span, sum, 1e-9);
  EXPECT_GT(floor.bytes_per_span, 20);
  EXPECT_LT(floor.bytes_per_span, 35);
}

TEST(EntropyFloor, IdsCostWhatTheyAreMadeOf) {
  Profile profile = FindProfile("web1").value();
  const EntropyFloor random = FloorOf(profile);
  EXPECT_DOUBLE_EQ(BytesOf(random, "span id"), 8);
  EXPECT_NEAR(BytesOf(random, "trace id"), 16.0 / 14, 0.1);
  profile.id_mode = IdMode::k64Bit;
  EXPECT_NEAR(BytesOf(FloorOf(profile), "trace id"), 8.0 / 14, 0.05);
  profile.id_mode = IdMode::kSequential;
  EXPECT_EQ(BytesOf(FloorOf(profile), "span id"), 0);
}

TEST(EntropyFloor, ColumnsCostTheirEntropy) {
  const EntropyFloor floor = FloorOf(FindProfile("web1").value());
  // 64 even values in every span: 6 bits.
  EXPECT_NEAR(BytesOf(floor, "attribute thread.id"), 6.0 / 8, 0.002);
  // 16 hex digits in 0.3 of the server spans, which are 0.276 of all.
  EXPECT_NEAR(BytesOf(floor, "attribute session.id"), 8 * 0.3 * 0.276, 0.04);
  // One value.
  EXPECT_NEAR(BytesOf(floor, "attribute messaging.system"), 0, 1e-9);
}

}  // namespace
}  // namespace clew::load
