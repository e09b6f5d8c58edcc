// SPDX-License-Identifier: Apache-2.0
#include "parquet/page_reader.h"

#include <libdeflate.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

#include "base/bytes.h"
#include "parquet/dictionary_builder.h"

namespace clew::parquet {
namespace {

// Of one page; those of any writer have a few hundred thousand at most.
constexpr uint64_t kMaxPageEntries = uint64_t{16} << 20;

// A dictionary lets few bytes stand for many.
constexpr uint64_t kMaxLookedUpBytes = uint64_t{1} << 30;

base::Result<std::string_view> TakeLevels(std::string_view& rest) {
  if (rest.size() < 4) return base::Corrupt("a page ends inside its levels");
  const auto size = base::LoadLittle<uint32_t>(rest.data());
  rest.remove_prefix(4);
  if (size > rest.size()) return base::Corrupt("a page ends inside its levels");
  const std::string_view levels = rest.substr(0, size);
  rest.remove_prefix(size);
  return levels;
}

base::Result<PlainPage> UnpackV1(const RawPage& raw, const PageContext& context) {
  PlainPage page{
      .header = raw.header, .owner = {}, .repetition = {}, .definition = {}, .values = {}};
  page.owner = std::make_unique<const std::string>(
      TRY(DecompressPage(context.codec, raw.body, raw.header.uncompressed_bytes)));
  if (raw.header.values == 0) return page;  // Some then write no levels either.
  std::string_view rest = *page.owner;
  if (context.column.max_repetition > 0) page.repetition = TRY(TakeLevels(rest));
  if (context.column.max_definition > 0) page.definition = TRY(TakeLevels(rest));
  page.values = rest;
  return page;
}

// Levels of a v2 page stand in front and are never compressed.
base::Result<PlainPage> UnpackV2(const RawPage& raw, const PageContext& context) {
  const PageHeader& header = raw.header;
  const uint64_t levels = header.repetition_bytes + header.definition_bytes;
  const bool fits = header.repetition_bytes <= raw.body.size() && levels <= raw.body.size() &&
                    levels <= header.uncompressed_bytes;
  if (!fits) return base::Corrupt("a page ends inside its levels");
  std::string bytes(raw.body.substr(0, levels));
  const std::string_view values = raw.body.substr(levels);
  if (header.is_compressed && context.codec != Codec::kUncompressed) {
    bytes += TRY(DecompressPage(context.codec, values, header.uncompressed_bytes - levels));
  } else {
    bytes += values;
  }
  PlainPage page{.header = header, .owner = {}, .repetition = {}, .definition = {}, .values = {}};
  page.owner = std::make_unique<const std::string>(std::move(bytes));
  const std::string_view all = *page.owner;
  page.repetition = all.substr(0, header.repetition_bytes);
  page.definition = all.substr(header.repetition_bytes, header.definition_bytes);
  page.values = all.substr(levels);
  return page;
}

EncodedValues ValuesOf(const PlainPage& plain, const Column& column, size_t count) {
  return {.type = column.type,
          .type_length = column.type_length,
          .encoding = plain.header.encoding,
          .count = count,
          .bytes = plain.values};
}

}  // namespace

base::Result<RawPage> TakePage(std::string_view bytes) {
  const auto [header, header_bytes] = TRY(DecodePageHeader(bytes));
  bytes.remove_prefix(header_bytes);
  if (header.compressed_bytes > bytes.size()) {
    return base::Error{base::ErrorCode::kCorruption, "a page is longer than its column chunk"};
  }
  const RawPage raw{.header = header,
                    .body = bytes.substr(0, header.compressed_bytes),
                    .size = header_bytes + header.compressed_bytes};
  if (header.crc && *header.crc != libdeflate_crc32(0, raw.body.data(), raw.body.size())) {
    return base::Error{base::ErrorCode::kCorruption, "a page does not have its checksum"};
  }
  return raw;
}

base::Result<PlainPage> UnpackDataPage(const RawPage& raw, const PageContext& context) {
  const PageHeader& header = raw.header;
  const Column& column = context.column;
  if (header.values > kMaxPageEntries) {
    return base::Error{base::ErrorCode::kTooLarge, "a page has more than 16 Mi values"};
  }
  if ((header.packed_definition && column.max_definition > 0) ||
      (header.packed_repetition && column.max_repetition > 0)) {
    return base::Error{base::ErrorCode::kUnsupported, "levels that are BIT_PACKED are not read"};
  }
  return header.type == PageType::kDataV2 ? UnpackV2(raw, context) : UnpackV1(raw, context);
}

base::Result<Page> DecodeDataPage(const PlainPage& plain, const Column& column) {
  const PageHeader& header = plain.header;
  Page page;
  size_t count = header.values;
  page.rows = static_cast<uint32_t>(header.values);
  if (column.max_repetition > 0) {
    page.levels.repetition =
        TRY(DecodeLevels(plain.repetition, column.max_repetition, header.values));
    page.rows = static_cast<uint32_t>(std::ranges::count(page.levels.repetition, 0));
  }
  if (column.max_definition > 0) {
    page.levels.definition =
        TRY(DecodeLevels(plain.definition, column.max_definition, header.values));
    count = static_cast<size_t>(std::ranges::count(page.levels.definition, column.max_definition));
  }
  if (IsDictionary(header.encoding)) {
    // Whether the codes are in the dictionary is for whoever has it.
    page.values = TRY(DecodeCodes(plain.values, UINT32_MAX, count));
  } else if (count == 0) {
    page.values = EmptyValues(column.type);
  } else {
    page.values = TRY(DecodeValues(ValuesOf(plain, column, count)));
  }
  return page;
}

namespace {

// Where a row begins, or the end.
size_t BeginOf(std::span<const uint8_t> repetition, size_t row) {
  for (size_t entry = 0; entry < repetition.size(); ++entry) {
    if (repetition[entry] == 0 && row-- == 0) return entry;
  }
  return repetition.size();
}

// The entries of some rows; `repetition` is that of a page with `page_rows` rows. nullopt when
// it has others.
std::optional<Part> EntriesOf(std::span<const uint8_t> repetition, uint32_t page_rows, Part rows) {
  const auto begun = static_cast<size_t>(std::ranges::count(repetition, 0));
  if (begun != page_rows || begun == 0 || repetition.front() != 0) return std::nullopt;
  if (begun == repetition.size()) return rows;  // One each.
  const size_t first = BeginOf(repetition, rows.first);
  return Part{.first = first, .count = BeginOf(repetition.subspan(first), rows.count)};
}

// The levels of some rows and where their values stand among those of the page.
struct RowLevels {
  Levels levels;
  Part values;
};

base::Result<RowLevels> LevelsOf(const PlainPage& plain, const Column& column, uint32_t page_rows,
                                 Part rows) {
  RowLevels found{.levels = {}, .values = rows};
  Part entries = rows;
  if (column.max_repetition > 0) {
    const std::vector<uint8_t> all =
        TRY(DecodeLevels(plain.repetition, column.max_repetition, plain.header.values));
    const std::optional<Part> of_rows = EntriesOf(all, page_rows, rows);
    if (!of_rows) return base::Corrupt("a page has other rows than its index says");
    entries = *of_rows;
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(entries.first);
    found.levels.repetition.assign(begin, begin + static_cast<std::ptrdiff_t>(entries.count));
  } else if (plain.header.values != page_rows) {
    return base::Corrupt("a page has other rows than its index says");
  }
  found.values = entries;
  if (column.max_definition > 0) {
    LevelsPart part = TRY(DecodeLevelsPart(plain.definition, column.max_definition, entries));
    const auto count = std::ranges::count(part.levels, column.max_definition);
    found.values = {part.highest_before, static_cast<size_t>(count)};
    found.levels.definition = std::move(part.levels);
  }
  return found;
}

// How many values a page has, as far as its encoding has to know: those before the end of the
// part, or all.
base::Result<size_t> ValuesToKnow(const PlainPage& plain, const Column& column, Part part) {
  if (plain.header.encoding == Encoding::kPlain) return part.end();
  if (column.max_definition == 0) return plain.header.values;
  const std::vector<uint8_t> all =
      TRY(DecodeLevels(plain.definition, column.max_definition, plain.header.values));
  return static_cast<size_t>(std::ranges::count(all, column.max_definition));
}

}  // namespace

base::Result<Page> DecodeRows(const PlainPage& plain, const Column& column, uint32_t page_rows,
                              Part rows) {
  auto [levels, values] = TRY(LevelsOf(plain, column, page_rows, rows));
  Page page{.rows = static_cast<uint32_t>(rows.count), .levels = std::move(levels), .values = {}};
  if (IsDictionary(plain.header.encoding)) {
    page.values = TRY(DecodeCodesPart(plain.values, UINT32_MAX, values));
  } else if (values.count == 0) {
    page.values = EmptyValues(column.type);
  } else {
    const size_t known = TRY(ValuesToKnow(plain, column, values));
    page.values = TRY(DecodeValuesPart(ValuesOf(plain, column, known), values));
  }
  return page;
}

base::Result<Values> DecodeDictionaryPage(const RawPage& raw, const PageContext& context) {
  const PageHeader& header = raw.header;
  if (header.type != PageType::kDictionary || header.values > kMaxPageEntries) {
    return base::Corrupt("there is no dictionary where one should be");
  }
  if (header.encoding != Encoding::kPlain && header.encoding != Encoding::kPlainDictionary) {
    return base::Error{base::ErrorCode::kUnsupported, "a dictionary that is not PLAIN is not read"};
  }
  const std::string plain = TRY(DecompressPage(context.codec, raw.body, header.uncompressed_bytes));
  Values values = TRY(DecodeValues({.type = context.column.type,
                                    .type_length = context.column.type_length,
                                    .encoding = Encoding::kPlain,
                                    .count = header.values,
                                    .bytes = plain}));
  // What is missed here is missed in every row, and headers have no checksum.
  if (PlainBytes(values, context.column.type) != plain.size()) {
    return base::Corrupt("a dictionary has more values than its header says");
  }
  return values;
}

base::Result<Values> LookUp(const Values& dictionary, const std::vector<uint32_t>& codes) {
  const auto highest = std::ranges::max_element(codes);
  if (highest != codes.end() && *highest >= CountOf(dictionary)) {
    return base::Error{base::ErrorCode::kCorruption, "a code is not in the dictionary"};
  }
  if (const auto* texts = std::get_if<ByteArrays>(&dictionary)) {
    uint64_t bytes = 0;
    for (const uint32_t code : codes) bytes += (*texts)[code].size();
    if (bytes > kMaxLookedUpBytes) {
      return base::Error{base::ErrorCode::kTooLarge, "values of a page are over 1 GiB"};
    }
  }
  return std::visit(
      [&](const auto& values) {
        std::decay_t<decltype(values)> found;
        for (const uint32_t code : codes) {
          if constexpr (std::is_same_v<std::decay_t<decltype(values)>, Booleans>) {
            found.values.push_back(values.values[code]);
          } else {
            found.push_back(values[code]);
          }
        }
        return Values(std::move(found));
      },
      dictionary);
}

namespace {

template <typename T>
void Append(const std::vector<T>& from, std::vector<T>& to) {
  to.insert(to.end(), from.begin(), from.end());
}
void Append(const Booleans& from, Booleans& to) {
  Append(from.values, to.values);
}
void Append(const ByteArrays& from, ByteArrays& to) {
  to.Append(from);
}

// Has room for `times` as much.
template <typename T>
void Reserve(std::vector<T>& values, size_t times) {
  values.reserve(values.size() * times);
}
void Reserve(Booleans& values, size_t times) {
  Reserve(values.values, times);
}
void Reserve(ByteArrays& values, size_t times) {
  values.Reserve(values.size() * times, values.bytes().size() * times);
}

using PageValues = decltype(Page::values);

void ReserveValues(PageValues& values, size_t times) {
  if (auto* const codes = std::get_if<std::vector<uint32_t>>(&values)) {
    return Reserve(*codes, times);
  }
  std::visit([&](auto& of_type) { Reserve(of_type, times); }, std::get<Values>(values));
}

void AppendValues(const PageValues& from, PageValues& to) {
  if (const auto* const codes = std::get_if<std::vector<uint32_t>>(&from)) {
    return Append(*codes, std::get<std::vector<uint32_t>>(to));
  }
  std::visit(
      [&](const auto& of_type) {
        using Sequence = std::remove_cvref_t<decltype(of_type)>;
        Append(of_type, std::get<Sequence>(std::get<Values>(to)));
      },
      std::get<Values>(from));
}

uint64_t BytesOfTexts(const Page& page) {
  const auto* const values = std::get_if<Values>(&page.values);
  const auto* const texts = values == nullptr ? nullptr : std::get_if<ByteArrays>(values);
  return texts == nullptr ? 0 : texts->bytes().size();
}

}  // namespace

bool BeginsInsideARow(const Page& page) {
  return !page.levels.repetition.empty() && page.levels.repetition.front() != 0;
}

base::Result<Page> JoinPages(std::vector<Page> pages) {
  uint64_t bytes_of_texts = 0;
  for (const Page& page : pages) bytes_of_texts += BytesOfTexts(page);
  if (bytes_of_texts > UINT32_MAX) {
    return base::Error{base::ErrorCode::kTooLarge, "values of a column chunk are over 4 GiB"};
  }
  Page joined = std::move(pages.front());
  if (pages.size() == 1) return joined;
  Reserve(joined.levels.definition, pages.size());
  Reserve(joined.levels.repetition, pages.size());
  ReserveValues(joined.values, pages.size());
  for (const Page& page : std::span(pages).subspan(1)) {
    joined.rows += page.rows;
    Append(page.levels.definition, joined.levels.definition);
    Append(page.levels.repetition, joined.levels.repetition);
    AppendValues(page.values, joined.values);
  }
  return joined;
}

}  // namespace clew::parquet
