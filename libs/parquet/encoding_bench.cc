// SPDX-License-Identifier: Apache-2.0
// How many values a second does each encoding write and read? A page of 64 Ki values, in
// the cache, again and again; the best of several rounds, since others use the machine.
//
// Prints `name encode decode` lines, in millions of values a second.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "base/check.h"
#include "parquet/encoding.h"

namespace clew::parquet {
namespace {

constexpr size_t kValues = 60000;
constexpr int kRounds = 9;
constexpr int kRepeats = 20;

template <typename Work>
double MillionsPerSecond(Work work) {
  double best = 0;
  for (int round = 0; round < kRounds; ++round) {
    const auto start = std::chrono::steady_clock::now();
    for (int i = 0; i < kRepeats; ++i) work();
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - start;
    best = std::max(best, static_cast<double>(kValues) * kRepeats / took.count());
  }
  return best;
}

void Print(const std::string& name, double encode, double decode) {
  std::printf("%-28s %8.0f %8.0f\n", name.c_str(), encode, decode);
}

void MeasureCodes(const std::string& name, uint32_t dictionary_size,
                  const std::vector<uint32_t>& codes) {
  std::string bytes;
  const double encode = MillionsPerSecond([&] {
    bytes.clear();
    EncodeCodes(codes, WidthOfCodes(dictionary_size), bytes);
  });
  const double decode = MillionsPerSecond(
      [&] { CHECK(DecodeCodes(bytes, dictionary_size, codes.size()).value().size() == kValues); });
  Print(name, encode, decode);
}

void MeasureLevels(const std::string& name, uint32_t percent_defined) {
  std::mt19937 random(1);
  std::vector<uint8_t> levels(kValues);
  for (uint8_t& level : levels) level = random() % 100 < percent_defined ? 1 : 0;
  std::string bytes;
  const double encode = MillionsPerSecond([&] {
    bytes.clear();
    EncodeLevels(levels, 1, bytes);
  });
  const double decode = MillionsPerSecond(
      [&] { CHECK(DecodeLevels(bytes, 1, levels.size()).value().size() == kValues); });
  Print(name, encode, decode);
}

void MeasureValues(const std::string& name, const Values& values, Type type, Encoding encoding) {
  std::string bytes;
  const ValueRange range{.values = values, .type = type, .first = 0, .count = kValues};
  const double encode = MillionsPerSecond([&] {
    bytes.clear();
    EncodeValues(range, encoding, bytes);
  });
  const EncodedValues encoded{.type = type,
                              .type_length = type == Type::kFixedLenByteArray ? 16U : 0U,
                              .encoding = encoding,
                              .count = kValues,
                              .bytes = bytes};
  const double decode =
      MillionsPerSecond([&] { CHECK(CountOf(DecodeValues(encoded).value()) == kValues); });
  Print(name, encode, decode);
}

std::vector<uint32_t> RandomCodes(uint32_t dictionary_size) {
  std::mt19937 random(1);
  std::vector<uint32_t> codes(kValues);
  for (uint32_t& code : codes) code = static_cast<uint32_t>(random()) % dictionary_size;
  return codes;
}

std::vector<uint32_t> CodesInRuns(uint32_t dictionary_size, size_t run) {
  std::vector<uint32_t> codes(kValues);
  for (size_t i = 0; i < kValues; ++i) codes[i] = static_cast<uint32_t>(i / run) % dictionary_size;
  return codes;
}

void MeasureAllCodes() {
  for (uint32_t width = 1; width <= 32; ++width) {
    const uint32_t size = width == 32 ? ~uint32_t{0} : uint32_t{1} << width;
    MeasureCodes("codes width " + std::to_string(width), size, RandomCodes(size));
  }
  MeasureCodes("codes width 8, size 200", 200, RandomCodes(200));
  MeasureCodes("codes width 12, size 3000", 3000, RandomCodes(3000));
  for (const size_t run : {8U, 20U, 100U, 1000U, 65536U}) {
    MeasureCodes("codes in runs of " + std::to_string(run), 200, CodesInRuns(200, run));
  }
}

// Sums of numbers of about that many bits.
template <typename Integer>
Values Rising(uint32_t bits) {
  std::mt19937_64 random(1);
  std::vector<Integer> values(kValues);
  uint64_t value = 0;
  for (Integer& next : values) {
    value += bits == 0 ? 1000 : random() >> (64 - bits);
    next = static_cast<Integer>(value);
  }
  return values;
}

Values Strings(size_t longest) {
  std::mt19937_64 random(1);
  ByteArrays strings;
  for (size_t i = 0; i < kValues; ++i) strings.push_back(std::string(random() % longest, 'x'));
  return strings;
}

Values Fixed() {
  std::mt19937_64 random(1);
  ByteArrays strings;
  for (size_t i = 0; i < kValues; ++i) strings.push_back(std::string(16, char(random() & 127)));
  return strings;
}

Values RandomBooleans() {
  std::mt19937 random(1);
  Booleans booleans{.values = std::vector<uint8_t>(kValues)};
  for (uint8_t& value : booleans.values) value = random() & 1;
  return booleans;
}

void MeasureAllValues() {
  const Values int64 = Rising<int64_t>(20);
  const Values doubles = std::vector<double>(kValues, 1.5);
  for (const uint32_t bits : {0U, 1U, 8U, 20U, 31U}) {
    MeasureValues("delta int32, bits " + std::to_string(bits), Rising<int32_t>(bits), Type::kInt32,
                  Encoding::kDeltaBinaryPacked);
  }
  for (const uint32_t bits : {0U, 8U, 20U, 40U, 63U}) {
    MeasureValues("delta int64, bits " + std::to_string(bits), Rising<int64_t>(bits), Type::kInt64,
                  Encoding::kDeltaBinaryPacked);
  }
  MeasureValues("plain int64", int64, Type::kInt64, Encoding::kPlain);
  MeasureValues("split int32", Rising<int32_t>(8), Type::kInt32, Encoding::kByteStreamSplit);
  MeasureValues("split int64", int64, Type::kInt64, Encoding::kByteStreamSplit);
  MeasureValues("split double", doubles, Type::kDouble, Encoding::kByteStreamSplit);
  MeasureValues("split fixed 16", Fixed(), Type::kFixedLenByteArray, Encoding::kByteStreamSplit);
  MeasureValues("plain fixed 16", Fixed(), Type::kFixedLenByteArray, Encoding::kPlain);
  MeasureValues("plain boolean", RandomBooleans(), Type::kBoolean, Encoding::kPlain);
  MeasureValues("rle boolean", RandomBooleans(), Type::kBoolean, Encoding::kRle);
  for (const size_t longest : {20U, 60U, 200U}) {
    const std::string below = " below " + std::to_string(longest) + " bytes";
    MeasureValues("plain" + below, Strings(longest), Type::kByteArray, Encoding::kPlain);
    MeasureValues("delta length" + below, Strings(longest), Type::kByteArray,
                  Encoding::kDeltaLengthByteArray);
  }
}

}  // namespace
}  // namespace clew::parquet

int main() {
  clew::parquet::MeasureAllCodes();
  for (const uint32_t percent : {0U, 1U, 10U, 50U, 99U}) {
    clew::parquet::MeasureLevels("levels, defined % " + std::to_string(percent), percent);
  }
  clew::parquet::MeasureAllValues();
  return 0;
}
