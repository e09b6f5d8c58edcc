// SPDX-License-Identifier: Apache-2.0
// What FileWriter writes, FileReader reads back, whatever the schema and the values.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>
#include <optional>
#include <random>
#include <string>

#include "parquet/file_reader.h"
#include "parquet/file_writer.h"
#include "parquet/memory_file.h"
#include "parquet/page_reader.h"

namespace clew::parquet {
namespace {

using Random = std::mt19937_64;
using testing::AllOf;
using testing::HasSubstr;

size_t Below(Random& random, size_t end) {
  return random() % end;
}

// A value of the type, from few or from many.
void AddValue(Random& random, const Column& column, size_t distinct, Values& values) {
  const uint64_t number = Below(random, distinct);
  if (auto* booleans = std::get_if<Booleans>(&values)) {
    booleans->values.push_back(number % 2);
  } else if (auto* narrow = std::get_if<std::vector<int32_t>>(&values)) {
    narrow->push_back(static_cast<int32_t>(number * 2654435761u));
  } else if (auto* wide = std::get_if<std::vector<int64_t>>(&values)) {
    wide->push_back(static_cast<int64_t>(number * 0x9e3779b97f4a7c15u));
  } else if (auto* doubles = std::get_if<std::vector<double>>(&values)) {
    const double special[] = {0.0, -0.0, std::numeric_limits<double>::quiet_NaN(), -1.5};
    doubles->push_back(number < 4 ? special[number] : static_cast<double>(number) / 3);
  } else {
    std::string text(column.type == Type::kFixedLenByteArray ? column.type_length : number % 100,
                     'x');
    std::memcpy(text.data(), &number, std::min<size_t>(text.size(), sizeof number));
    std::get<ByteArrays>(values).push_back(text);
  }
}

// Levels of one row: an entry, or of a list some.
void AddLevels(Random& random, const Column& column, Levels& levels) {
  const bool list = column.max_repetition > 0 && Below(random, 3) > 0;
  const size_t entries = list ? 1 + Below(random, 4) : 1;
  // An element exists from level 2 on; an only entry may be an absent list.
  const size_t least = entries > 1 ? std::min<size_t>(2, column.max_definition) : 0;
  for (size_t entry = 0; entry < entries; ++entry) {
    if (column.max_definition > 0) {
      levels.definition.push_back(
          static_cast<uint8_t>(least + Below(random, column.max_definition - least + 1)));
    }
    if (column.max_repetition > 0) levels.repetition.push_back(entry == 0 ? 0 : 1);
  }
}

Levels RandomLevels(Random& random, const Column& column, uint32_t rows) {
  Levels levels;
  for (uint32_t row = 0; row < rows; ++row) AddLevels(random, column, levels);
  return levels;
}

size_t CountValues(const Levels& levels, const Column& column, uint32_t rows) {
  if (column.max_definition == 0) return rows;
  return static_cast<size_t>(std::ranges::count(levels.definition, column.max_definition));
}

Field Leaf(std::string name, Type type, Repetition repetition, uint32_t length = 0) {
  const LogicalType logical = type == Type::kByteArray ? LogicalType::kString
                              : length == 16           ? LogicalType::kUuid
                                                       : LogicalType::kNone;
  return {.name = std::move(name),
          .repetition = repetition,
          .logical = logical,
          .type = type,
          .type_length = length};
}

std::vector<Field> RandomFields(Random& random) {
  std::vector<Field> fields;
  const size_t count = 1 + Below(random, 6);
  for (size_t i = 0; i < count; ++i) {
    constexpr Type kTypes[] = {Type::kBoolean, Type::kInt32,     Type::kInt64,
                               Type::kDouble,  Type::kByteArray, Type::kFixedLenByteArray};
    const Type type = kTypes[Below(random, 6)];
    const uint32_t length = type != Type::kFixedLenByteArray ? 0 : Below(random, 2) == 0 ? 8 : 16;
    const Repetition repetition =
        Below(random, 2) == 0 ? Repetition::kRequired : Repetition::kOptional;
    const std::string name = "c" + std::to_string(i);
    Field leaf = Leaf(name, type, repetition, length);
    switch (Below(random, 4)) {
      case 0:
        fields.push_back(List(name, leaf));
        break;
      case 1:
        fields.push_back(Map(name, Leaf("key", Type::kByteArray, Repetition::kRequired), leaf));
        break;
      default:
        fields.push_back(leaf);
    }
  }
  return fields;
}

struct Group {
  std::vector<uint32_t> page_rows;
  uint32_t rows = 0;
  std::vector<ColumnChunk> chunks;
  std::vector<Values> values;  // what the chunks hold, one by one
};

// The values that codes stand for.
Values LookUp(const CodedValues& coded, Type type) {
  Values values = EmptyValues(type);
  std::visit(
      [&](const auto& dictionary) {
        using Sequence = std::decay_t<decltype(dictionary)>;
        auto& to = std::get<Sequence>(values);
        for (const uint32_t code : coded.codes) {
          if constexpr (std::is_same_v<Sequence, Booleans>) {
            to.values.push_back(dictionary.values[code]);
          } else {
            to.push_back(dictionary[code]);
          }
        }
      },
      coded.dictionary);
  return values;
}

// A chunk of random rows, and its values one by one.
std::pair<ColumnChunk, Values> RandomChunk(Random& random, const Column& column, uint32_t rows) {
  ColumnChunk chunk{.levels = RandomLevels(random, column, rows), .values = Values()};
  const bool filtered = column.logical == LogicalType::kString ||
                        column.logical == LogicalType::kUuid || column.type == Type::kInt64;
  if (filtered) chunk.bloom_filter = static_cast<BloomFilterOf>(1 + Below(random, 2));
  const size_t count = CountValues(chunk.levels, column, rows);
  Values values = EmptyValues(column.type);
  if (Below(random, 4) == 0) {
    CodedValues coded{.dictionary = EmptyValues(column.type), .codes = {}};
    // One entry more than is used.
    for (size_t i = 0; i < 6; ++i) AddValue(random, column, 1'000'000, coded.dictionary);
    for (size_t i = 0; i < count; ++i) {
      coded.codes.push_back(static_cast<uint32_t>(Below(random, 5)));
    }
    values = LookUp(coded, column.type);
    chunk.values = std::move(coded);
  } else {
    const size_t distinct = Below(random, 2) == 0 ? 5 : 1'000'000;
    for (size_t i = 0; i < count; ++i) AddValue(random, column, distinct, values);
    chunk.values = values;
  }
  return {std::move(chunk), std::move(values)};
}

Group RandomGroup(Random& random, const Schema& schema) {
  Group group;
  const size_t pages = 1 + Below(random, 4);
  for (size_t i = 0; i < pages; ++i) {
    group.page_rows.push_back(static_cast<uint32_t>(1 + Below(random, 300)));
    group.rows += group.page_rows.back();
  }
  for (const Column& column : schema.columns()) {
    auto [chunk, values] = RandomChunk(random, column, group.rows);
    group.chunks.push_back(std::move(chunk));
    group.values.push_back(std::move(values));
  }
  return group;
}

std::string Write(const Schema& schema, const std::vector<Group>& groups, Codec codec) {
  MemorySink sink;
  FileWriter writer(sink, schema, {.codec = codec, .dictionary_limit_bytes = 4096});
  for (const Group& group : groups) {
    EXPECT_TRUE(writer.BeginRowGroup(group.page_rows).ok());
    for (const ColumnChunk& chunk : group.chunks) EXPECT_TRUE(writer.WriteColumn(chunk).ok());
    EXPECT_TRUE(writer.EndRowGroup().ok());
  }
  EXPECT_TRUE(writer.Finish({{"key", "value"}}).ok());
  EXPECT_EQ(writer.bytes_written(), sink.bytes().size());
  return sink.bytes();
}

// Doubles are compared by their bits, NaNs and zeros included.
bool Same(const Values& a, const Values& b) {
  const auto* x = std::get_if<std::vector<double>>(&a);
  const auto* y = std::get_if<std::vector<double>>(&b);
  if (x == nullptr || y == nullptr) return a == b;
  return x->size() == y->size() &&
         (x->empty() || std::memcmp(x->data(), y->data(), x->size() * sizeof(double)) == 0);
}

// The values of a page, looked up when it has codes.
Values ValuesOf(const Page& page, const Values& dictionary, Type type) {
  const auto* codes = std::get_if<std::vector<uint32_t>>(&page.values);
  return codes == nullptr ? std::get<Values>(page.values) : LookUp({dictionary, *codes}, type);
}

struct ChunkPlace {
  size_t group, column;
};

// That rows [first, first + count) are the same, read alone or with their page; all rows of a
// page in three parts are the page.
void ExpectPartsOf(const FileReader& reader, ChunkPlace place, const PageLocation& location,
                   const Values& dictionary) {
  const Type type = reader.schema().columns()[place.column].type;
  const auto valued = [&](const Page& page) {
    Page plain = page;
    plain.values = ValuesOf(page, dictionary, type);
    return plain;
  };
  const Page whole = valued(reader.ReadPage(place.group, place.column, location).value());
  std::vector<Page> parts;
  const PlainPage plain = reader.ReadPlain(place.group, place.column, location).value();
  const size_t third = location.rows / 3;
  for (const Part rows : {Part{0, third}, {third, third}, {2 * third, location.rows - 2 * third}}) {
    if (rows.count == 0) continue;
    const auto part = reader.DecodeRows(place.group, place.column, plain, location, rows);
    ASSERT_TRUE(part.ok()) << part.error().message;
    ASSERT_EQ(part.value().rows, rows.count);
    parts.push_back(valued(part.value()));
  }
  const Page joined = JoinPages(std::move(parts)).value();
  EXPECT_EQ(joined.rows, whole.rows);
  EXPECT_EQ(joined.levels, whole.levels);
  EXPECT_TRUE(Same(std::get<Values>(joined.values), std::get<Values>(whole.values)));
}

void ExpectChunk(const FileReader& reader, size_t group, size_t column, const Group& written) {
  const Type type = reader.schema().columns()[column].type;
  const auto dictionary = reader.ReadDictionary(group, column);
  ASSERT_TRUE(dictionary.ok()) << dictionary.error().message;
  const auto chunk = reader.ReadChunk(group, column);
  ASSERT_TRUE(chunk.ok()) << chunk.error().message;
  EXPECT_EQ(chunk.value().rows, written.rows);
  EXPECT_EQ(chunk.value().levels, written.chunks[column].levels);
  EXPECT_TRUE(Same(ValuesOf(chunk.value(), dictionary.value(), type), written.values[column]));
  // The same page by page.
  const auto pages = reader.PagesOf(group, column);
  ASSERT_TRUE(pages.ok()) << pages.error().message;
  ASSERT_EQ(pages.value().size(), written.page_rows.size());
  Levels levels;
  for (size_t i = 0; i < pages.value().size(); ++i) {
    ExpectPartsOf(reader, {group, column}, pages.value()[i], dictionary.value());
    const auto page = reader.ReadPage(group, column, pages.value()[i]);
    ASSERT_TRUE(page.ok()) << page.error().message;
    EXPECT_EQ(page.value().rows, written.page_rows[i]);
    const Levels& own = page.value().levels;
    levels.definition.insert(levels.definition.end(), own.definition.begin(), own.definition.end());
    levels.repetition.insert(levels.repetition.end(), own.repetition.begin(), own.repetition.end());
  }
  EXPECT_EQ(levels, written.chunks[column].levels);
}

template <typename T>
T NumberOf(const std::string& plain) {
  T number{};
  std::memcpy(&number, plain.data(), sizeof number);
  return number;
}

// That every value lies between the minimum and the maximum.
void ExpectBounds(const Statistics& statistics, const Values& values) {
  const auto check = [&](const auto& of_type, auto number_of, auto skip) {
    for (size_t i = 0; i < of_type.size(); ++i) {
      const auto value = of_type[i];
      if (skip(value)) continue;
      if (statistics.min) {
        EXPECT_LE(number_of(*statistics.min), value);
      }
      if (statistics.max) {
        EXPECT_GE(number_of(*statistics.max), value);
      }
    }
  };
  const auto never = [](const auto&) { return false; };
  if (const auto* wide = std::get_if<std::vector<int64_t>>(&values)) {
    check(*wide, NumberOf<int64_t>, never);
  } else if (const auto* narrow = std::get_if<std::vector<int32_t>>(&values)) {
    check(*narrow, NumberOf<int32_t>, never);
  } else if (const auto* doubles = std::get_if<std::vector<double>>(&values)) {
    check(*doubles, NumberOf<double>, [](double value) { return std::isnan(value); });
  } else if (const auto* bytes = std::get_if<ByteArrays>(&values)) {
    check(*bytes, [](const std::string& text) -> std::string_view { return text; }, never);
  }
}

void ExpectFilter(const FileReader& reader, size_t group, size_t column, const Values& values) {
  if (const auto* bytes = std::get_if<ByteArrays>(&values)) {
    for (size_t i = 0; i < bytes->size(); i += 7) {
      EXPECT_TRUE(reader.MayContain(group, column, (*bytes)[i]).value());
    }
  } else if (const auto* wide = std::get_if<std::vector<int64_t>>(&values)) {
    for (size_t i = 0; i < wide->size(); i += 7) {
      const std::string plain(reinterpret_cast<const char*>(&(*wide)[i]), 8);
      EXPECT_TRUE(reader.MayContain(group, column, plain).value());
    }
  }
}

class FileRoundTrip : public testing::TestWithParam<uint64_t> {};

TEST_P(FileRoundTrip, GivesBackWhatWasWritten) {
  SCOPED_TRACE("seed " + std::to_string(GetParam()));
  Random random(GetParam());
  auto made = Schema::Make(RandomFields(random));
  ASSERT_TRUE(made.ok());
  const Schema schema = std::move(made).value();
  std::vector<Group> groups;
  for (size_t i = Below(random, 4); i > 0; --i) groups.push_back(RandomGroup(random, schema));
  constexpr Codec kCodecs[] = {Codec::kUncompressed, Codec::kSnappy, Codec::kZstd, Codec::kLz4Raw};
  const MemorySource source(Write(schema, groups, kCodecs[Below(random, 4)]));

  const auto opened = FileReader::Open(source);
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  const FileReader& reader = opened.value();
  EXPECT_EQ(reader.schema().fields(), schema.fields());
  EXPECT_EQ(reader.metadata(),
            (std::vector<std::pair<std::string, std::string>>{{"key", "value"}}));
  ASSERT_EQ(reader.row_group_count(), groups.size());
  for (size_t group = 0; group < groups.size(); ++group) {
    EXPECT_EQ(reader.rows_of(group), groups[group].rows);
    for (size_t column = 0; column < schema.columns().size(); ++column) {
      SCOPED_TRACE("group " + std::to_string(group) + " column " + std::to_string(column));
      ExpectChunk(reader, group, column, groups[group]);
      ExpectBounds(reader.chunk(group, column).statistics, groups[group].values[column]);
      ExpectFilter(reader, group, column, groups[group].values[column]);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, FileRoundTrip, testing::Range(uint64_t{0}, uint64_t{200}));

// What a file says: its values, and what pages are passed over by.
struct Said {
  std::vector<Levels> levels;  // of each chunk
  std::vector<Values> values;
  std::vector<std::string> hints;
};

std::string TextOf(const Statistics& statistics) {
  const auto bound = [](const std::optional<std::string>& value, bool exact) {
    return value ? (exact ? "=" : "~") + std::to_string(value->size()) + ":" + *value : "none";
  };
  return bound(statistics.min, statistics.min_exact) + bound(statistics.max, statistics.max_exact) +
         (statistics.null_count ? std::to_string(*statistics.null_count) : "unknown");
}

// Some that the chunk has and some that it has not, as a filter is asked for them.
std::vector<std::string> ProbesOf(const Values& values) {
  std::vector<std::string> probes;
  if (const auto* bytes = std::get_if<ByteArrays>(&values)) {
    for (size_t i = 0; i < bytes->size(); i += 9) probes.emplace_back((*bytes)[i]);
  } else if (const auto* wide = std::get_if<std::vector<int64_t>>(&values)) {
    for (size_t i = 0; i < wide->size(); i += 9) {
      probes.emplace_back(reinterpret_cast<const char*>(&(*wide)[i]), sizeof(int64_t));
    }
  }
  for (int i = 0; i < 50; ++i) probes.push_back("absent" + std::to_string(i));
  return probes;
}

base::Result<std::string> HintsOf(const FileReader& reader, ChunkPlace place,
                                  const Values& values) {
  std::string hints = TextOf(reader.chunk(place.group, place.column).statistics);
  for (const PageLocation& page : TRY(reader.PagesOf(place.group, place.column))) {
    hints += " " + std::to_string(page.first_row) + "+" + std::to_string(page.rows);
  }
  for (const Statistics& page : TRY(reader.PageStatisticsOf(place.group, place.column))) {
    hints += " " + TextOf(page);
  }
  for (const std::string& probe : ProbesOf(values)) {
    const bool may_contain = TRY(reader.MayContain(place.group, place.column, probe));
    hints += may_contain ? " may" : " not";
  }
  return hints;
}

base::Status AddChunk(const FileReader& reader, ChunkPlace place, Said& said) {
  Page page = TRY(reader.ReadChunk(place.group, place.column));
  const Values dictionary = TRY(reader.ReadDictionary(place.group, place.column));
  const auto* codes = std::get_if<std::vector<uint32_t>>(&page.values);
  const Values values =
      codes == nullptr ? std::get<Values>(page.values) : TRY(parquet::LookUp(dictionary, *codes));
  said.hints.push_back(TRY(HintsOf(reader, place, values)));
  said.values.push_back(values);
  said.levels.push_back(page.levels);
  return {};
}

// Reads all there is; false when something was refused.
bool ReadsWhole(const std::string& bytes, Said& said) {
  const MemorySource source(bytes);
  const auto reader = FileReader::Open(source, FileReader::Checks::kChecked);
  if (!reader.ok()) return false;
  for (size_t group = 0; group < reader.value().row_group_count(); ++group) {
    for (size_t column = 0; column < reader.value().schema().columns().size(); ++column) {
      if (!AddChunk(reader.value(), {group, column}, said).ok()) return false;
    }
  }
  return true;
}

std::string SmallFile() {
  Random random(7);
  auto schema =
      Schema::Make({Leaf("id", Type::kFixedLenByteArray, Repetition::kRequired, 16),
                    Leaf("name", Type::kByteArray, Repetition::kOptional),
                    List("numbers", Leaf("element", Type::kInt64, Repetition::kOptional))})
          .value();
  Group group = RandomGroup(random, schema);
  for (ColumnChunk& chunk : group.chunks) chunk.bloom_filter = BloomFilterOf::kAllChunks;
  return Write(schema, {group}, Codec::kZstd);
}

TEST(FileReader, FindsEveryFlippedByte) {
  const std::string good = SmallFile();
  Said expected;
  ASSERT_TRUE(ReadsWhole(good, expected));
  for (const std::string& hints : expected.hints) {
    EXPECT_THAT(hints, AllOf(HasSubstr(" may"), HasSubstr(" not")));
  }
  size_t harmless = 0;
  for (size_t at = 0; at < good.size(); ++at) {
    for (const char flip :
         {'\x01', '\x02', '\x04', '\x08', '\x10', '\x20', '\x40', '\x80', '\xff'}) {
      std::string damaged = good;
      damaged[at] = static_cast<char>(damaged[at] ^ flip);
      Said said;
      if (!ReadsWhole(damaged, said)) continue;
      ++harmless;
      EXPECT_EQ(said.hints, expected.hints) << at;
      EXPECT_TRUE(said.levels == expected.levels) << at;
      EXPECT_TRUE(said.values == expected.values) << at;
    }
  }
  // The first magic, and header fields that say what is known from elsewhere.
  EXPECT_LT(harmless, 9 * 200u);
}

TEST(FileReader, RefusesACutFile) {
  const std::string good = SmallFile();
  for (size_t size = 0; size < good.size(); ++size) {
    Said said;
    EXPECT_FALSE(ReadsWhole(good.substr(0, size), said)) << size;
  }
}

}  // namespace
}  // namespace clew::parquet
