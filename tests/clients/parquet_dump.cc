// SPDX-License-Identifier: Apache-2.0
// Prints the rows of a Parquet file as JSON lines: groups are objects, repeated fields
// arrays, bytes hex. Physical values, as libs/parquet hands them out. On the way it reads
// every chunk in each way there is, whole and page by page, and holds statistics and Bloom
// filters to the values; exit code 1 and one line say what a file has that is not read.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <variant>
#include <vector>

#include "parquet/file_reader.h"
#include "parquet/memory_file.h"

namespace clew::parquet {
namespace {

base::Error Wrong(const Column& column, const std::string& what) {
  return {base::ErrorCode::kInvalidArgument, "column " + column.name() + ": " + what};
}

// A chunk by its entries, and where the reading of them stands.
struct Entries {
  const Column* column = nullptr;
  Page page;
  Values dictionary;
  size_t entry = 0, value = 0;

  bool at_end() const {
    return column->max_definition > 0   ? entry == page.levels.definition.size()
           : column->max_repetition > 0 ? entry == page.levels.repetition.size()
                                        : entry == page.rows;
  }
  size_t definition() const {
    return column->max_definition == 0 ? 0 : page.levels.definition[entry];
  }
  size_t repetition() const {
    return column->max_repetition == 0 || at_end() ? 0 : page.levels.repetition[entry];
  }
};

std::string Hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    text += "0123456789abcdef"[static_cast<uint8_t>(c) >> 4];
    text += "0123456789abcdef"[static_cast<uint8_t>(c) & 15];
  }
  return text;
}

std::string JsonOf(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number < 0 ? "-Infinity" : "Infinity";
  char text[40];
  (void)std::snprintf(text, sizeof text, "%.17e", number);
  return text;
}
std::string JsonOf(int32_t number) {
  return std::to_string(number);
}
std::string JsonOf(int64_t number) {
  return std::to_string(number);
}
std::string JsonOf(uint8_t boolean) {
  return boolean != 0 ? "true" : "false";
}
std::string JsonOf(std::string_view bytes) {
  return '"' + Hex(bytes) + '"';
}

std::string ValueAt(const Values& values, size_t place) {
  return std::visit(
      [&](const auto& sequence) {
        if constexpr (std::is_same_v<std::decay_t<decltype(sequence)>, Booleans>) {
          return JsonOf(sequence.values[place]);
        } else {
          return JsonOf(sequence[place]);
        }
      },
      values);
}

std::string TakeValue(Entries& entries) {
  const auto* codes = std::get_if<std::vector<uint32_t>>(&entries.page.values);
  const size_t place = entries.value++;
  return codes == nullptr ? ValueAt(std::get<Values>(entries.page.values), place)
                          : ValueAt(entries.dictionary, (*codes)[place]);
}

// Puts the rows of a row group together. One row of one field at a time.
class RowPrinter {
 public:
  explicit RowPrinter(std::vector<Entries> columns) : columns_(std::move(columns)) {}

  std::string Row(const std::vector<Field>& fields) {
    next_ = 0;
    return Group(fields, 0, 0);
  }

 private:
  static size_t Leaves(const Field& field) {
    if (field.type) return 1;
    size_t leaves = 0;
    for (const Field& child : field.children) leaves += Leaves(child);
    return leaves;
  }

  std::string Group(const std::vector<Field>& fields, size_t definition, size_t repetition) {
    std::string json = "{";
    for (const Field& field : fields) {
      json += (json.size() == 1 ? "\"" : ", \"") + field.name + "\": ";
      json += Whole(field, definition, repetition);
    }
    return json + "}";
  }

  // A field whose parent has these levels.
  std::string Whole(const Field& field, size_t definition, size_t repetition) {
    if (field.repetition == Repetition::kRequired) return Present(field, definition, repetition);
    const size_t first = next_;
    if (columns_[first].definition() <= definition) {
      Skip(field);
      return field.repetition == Repetition::kRepeated ? "[]" : "null";
    }
    if (field.repetition == Repetition::kOptional)
      return Present(field, definition + 1, repetition);
    std::string json = "[";
    do {
      next_ = first;
      json += (json.size() == 1 ? "" : ", ") + Present(field, definition + 1, repetition + 1);
    } while (columns_[first].repetition() == repetition + 1);
    return json + "]";
  }

  std::string Present(const Field& field, size_t definition, size_t repetition) {
    if (!field.type) return Group(field.children, definition, repetition);
    Entries& entries = columns_[next_++];
    ++entries.entry;
    return TakeValue(entries);
  }

  void Skip(const Field& field) {
    for (size_t leaves = Leaves(field); leaves > 0; --leaves) ++columns_[next_++].entry;
  }

  std::vector<Entries> columns_;
  size_t next_ = 0;  // the column that comes next
};

// A chunk read page by page, its codes looked up.
base::Result<std::vector<std::string>> ReadByPages(const FileReader& reader, size_t group,
                                                   size_t column, Levels& levels) {
  const Values dictionary = TRY(reader.ReadDictionary(group, column));
  std::vector<std::string> values;
  for (const PageLocation& location : TRY(reader.PagesOf(group, column))) {
    Page page = TRY(reader.ReadPage(group, column, location));
    std::ranges::copy(page.levels.definition, std::back_inserter(levels.definition));
    std::ranges::copy(page.levels.repetition, std::back_inserter(levels.repetition));
    const auto* codes = std::get_if<std::vector<uint32_t>>(&page.values);
    const size_t count = codes ? codes->size() : CountOf(std::get<Values>(page.values));
    for (size_t i = 0; i < count; ++i) {
      if (codes != nullptr && (*codes)[i] >= CountOf(dictionary)) {
        return Wrong(reader.schema().columns()[column], "a code is not in the dictionary");
      }
      values.push_back(codes ? ValueAt(dictionary, (*codes)[i])
                             : ValueAt(std::get<Values>(page.values), i));
    }
  }
  return values;
}

// Values as PLAIN has them, to ask a Bloom filter for and to compare with bounds.
template <typename Number>
std::string PlainOf(const Number& number) {
  return {reinterpret_cast<const char*>(&number), sizeof number};
}

template <typename Number>
bool InBounds(const Statistics& statistics, const Number& value) {
  Number bound{};
  if (statistics.min && statistics.min->size() == sizeof bound) {
    std::memcpy(&bound, statistics.min->data(), sizeof bound);
    if (bound > value) return false;
  }
  if (statistics.max && statistics.max->size() == sizeof bound) {
    std::memcpy(&bound, statistics.max->data(), sizeof bound);
    if (bound < value) return false;
  }
  return true;
}
bool InBounds(const Statistics& statistics, std::string_view value) {
  return (!statistics.min || *statistics.min <= value) &&
         (!statistics.max || *statistics.max >= value);
}

// That the chunk's statistics and Bloom filter let every value through.
class ChunkClaims {
 public:
  ChunkClaims(const FileReader& reader, size_t group, size_t column)
      : reader_(reader), group_(group), column_(column) {}

  base::Status Hold(const Values& values) const {
    return std::visit([&](const auto& sequence) { return HoldAll(sequence); }, values);
  }

 private:
  base::Status HoldAll(const Booleans& /*values*/) const { return {}; }
  base::Status HoldAll(const std::vector<double>& values) const {
    const bool wide = reader_.schema().columns()[column_].type == Type::kDouble;
    for (const double value : values) {
      if (std::isnan(value)) continue;
      TRY(wide ? HoldOne(value, PlainOf(value))
               : HoldOne(static_cast<float>(value), PlainOf(static_cast<float>(value))));
    }
    return {};
  }
  base::Status HoldAll(const ByteArrays& values) const {
    for (size_t i = 0; i < values.size(); ++i) TRY(HoldOne(values[i], values[i]));
    return {};
  }
  template <typename Number>
  base::Status HoldAll(const std::vector<Number>& values) const {
    for (const Number value : values) TRY(HoldOne(value, PlainOf(value)));
    return {};
  }

  template <typename Value>
  base::Status HoldOne(const Value& value, std::string_view plain) const {
    const ChunkMetadata& chunk = reader_.chunk(group_, column_);
    if (!InBounds(chunk.statistics, value)) {
      return Wrong(reader_.schema().columns()[column_], "a value is out of its bounds");
    }
    if (!chunk.has_bloom_filter || TRY(reader_.MayContain(group_, column_, plain))) return {};
    return Wrong(reader_.schema().columns()[column_], "a value is not in the Bloom filter");
  }

  const FileReader& reader_;
  const size_t group_, column_;
};

base::Result<Entries> ReadEntries(const FileReader& reader, size_t group, size_t column) {
  Entries entries;
  entries.column = &reader.schema().columns()[column];
  entries.page = TRY(reader.ReadChunk(group, column));
  entries.dictionary = TRY(reader.ReadDictionary(group, column));
  Levels levels;
  const std::vector<std::string> by_pages = TRY(ReadByPages(reader, group, column, levels));
  if (levels != entries.page.levels) return Wrong(*entries.column, "pages have other levels");
  const auto* codes = std::get_if<std::vector<uint32_t>>(&entries.page.values);
  const size_t count = codes ? codes->size() : CountOf(std::get<Values>(entries.page.values));
  if (count != by_pages.size()) return Wrong(*entries.column, "pages have other values");
  for (const std::string& value : by_pages) {
    if (value != TakeValue(entries)) return Wrong(*entries.column, "pages have other values");
  }
  entries.value = 0;
  const ChunkClaims claims(reader, group, column);
  TRY(claims.Hold(codes ? entries.dictionary : std::get<Values>(entries.page.values)));
  (void)TRY(reader.PageStatisticsOf(group, column));
  return entries;
}

base::Status PrintRows(const std::string& bytes) {
  const MemorySource source(bytes);
  const FileReader reader = TRY(FileReader::Open(source));
  for (size_t group = 0; group < reader.row_group_count(); ++group) {
    std::vector<Entries> columns;
    columns.reserve(reader.schema().columns().size());
    for (size_t column = 0; column < reader.schema().columns().size(); ++column) {
      columns.push_back(TRY(ReadEntries(reader, group, column)));
    }
    RowPrinter printer(std::move(columns));
    for (uint32_t row = 0; row < reader.rows_of(group); ++row) {
      std::puts(printer.Row(reader.schema().fields()).c_str());
    }
  }
  return {};
}

const char* NameOf(base::ErrorCode code) {
  return code == base::ErrorCode::kUnsupported  ? "unsupported"
         : code == base::ErrorCode::kCorruption ? "corruption"
         : code == base::ErrorCode::kTooLarge   ? "too large"
                                                : "wrong";
}

}  // namespace
}  // namespace clew::parquet

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: parquet_dump FILE\n", stderr);
    return 2;
  }
  std::ifstream file(argv[1], std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const clew::base::Status printed = clew::parquet::PrintRows(bytes);
  if (printed.ok()) return 0;
  std::fprintf(stderr, "%s: %s\n", clew::parquet::NameOf(printed.error().code),
               printed.error().message.c_str());
  return 1;
}
