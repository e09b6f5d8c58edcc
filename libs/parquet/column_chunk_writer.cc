// SPDX-License-Identifier: Apache-2.0
// A chunk is looked at as a whole before the first byte is written: whether a
// dictionary pays, which encoding and width are smallest on a page from its middle, and
// whether compression saves enough. So all pages of a chunk are alike.
#include "parquet/column_chunk_writer.h"

#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/check.h"
#include "parquet/bloom_filter.h"
#include "parquet/dictionary_builder.h"
#include "parquet/value_bounds.h"

namespace clew::parquet {
namespace {

// At least; what it is rounded up to has 10 on average.
constexpr uint32_t kBloomBitsPerValue = 7;
// A dictionary over its limit is used all the same up to so many times the limit, when it
// saves as many times its size.
constexpr uint64_t kLargeDictionary = 4;
// What compression must save of a chunk, in percent.
constexpr size_t kLeastSaved = 3;
// Codes of fewer bits are left as they are: so many of them share a byte that compression
// sees enough.
constexpr uint32_t kLeastWidened = 3;
// A dictionary up to this size answers faster than a filter.
constexpr size_t kSmallDictionary = 4096;

// The part of a chunk that one page holds.
struct PageSlice {
  size_t first_entry = 0, entries = 0;
  size_t first_value = 0, values = 0;
};

// How many levels are `level`. Counted in bytes, many at a time, as far as a byte goes.
size_t CountOfLevel(std::span<const uint8_t> levels, uint8_t level) {
  size_t count = 0;
  while (!levels.empty()) {
    const std::span<const uint8_t> some = levels.first(std::min<size_t>(levels.size(), UINT8_MAX));
    uint8_t of_some = 0;
    for (const uint8_t one : some) of_some = static_cast<uint8_t>(of_some + (one == level));
    count += of_some;
    levels = levels.subspan(some.size());
  }
  return count;
}

std::vector<PageSlice> Slice(const Levels& levels, const Column& column,
                             std::span<const uint32_t> page_rows) {
  std::vector<PageSlice> slices;
  PageSlice slice;
  for (const uint32_t rows : page_rows) {
    slice = {.first_entry = slice.first_entry + slice.entries,
             .entries = 0,
             .first_value = slice.first_value + slice.values,
             .values = 0};
    size_t end = slice.first_entry + rows;
    if (!levels.repetition.empty()) {
      end = slice.first_entry;
      for (uint32_t row = 0; row < rows; ++row) {
        CHECK(end < levels.repetition.size() && levels.repetition[end] == 0);
        ++end;
        while (end < levels.repetition.size() && levels.repetition[end] != 0) ++end;
      }
    }
    slice.entries = end - slice.first_entry;
    slice.values = slice.entries;
    if (column.max_definition > 0) {
      CHECK(end <= levels.definition.size());
      slice.values =
          CountOfLevel(std::span(levels.definition).subspan(slice.first_entry, slice.entries),
                       column.max_definition);
    }
    slices.push_back(slice);
  }
  return slices;
}

// Encodings other than PLAIN that values of a type are tried in. Integers in
// BYTE_STREAM_SPLIT are newer than many readers: DuckDB 1.5 refuses them.
std::span<const Encoding> Candidates(Type type) {
  static constexpr std::array kIntegers = {Encoding::kDeltaBinaryPacked};
  static constexpr std::array kSplit = {Encoding::kByteStreamSplit};
  static constexpr std::array kStrings = {Encoding::kDeltaLengthByteArray};
  static constexpr std::array kBooleans = {Encoding::kRle};
  switch (type) {
    case Type::kInt32:
    case Type::kInt64:
      return kIntegers;
    case Type::kDouble:
      return kSplit;
    case Type::kByteArray:
      return kStrings;
    case Type::kBoolean:
      return kBooleans;
    case Type::kFixedLenByteArray:
    case Type::kInt96:
    case Type::kFloat:
      break;
  }
  return {};
}

class ChunkWriter {
 public:
  ChunkWriter(const ColumnChunk& chunk, const ChunkPlace& place, const WriterOptions& options,
              ByteSink& sink)
      : chunk_(chunk),
        place_(place),
        options_(options),
        sink_(sink),
        slices_(Slice(chunk.levels, place.column, place.page_rows)),
        offset_(place.offset) {}

  base::Result<WrittenChunk> Write() {
    TakeValues();
    ChooseEncoding();
    DescribeChunk();
    if (coded_) TRY(WriteDictionary());
    written_.footer.data_page_offset = offset_;
    uint64_t row = 0;
    for (size_t i = 0; i < slices_.size(); ++i) {
      const uint64_t begin = offset_;
      TRY(WritePage(
          EncodePage(slices_[i]),
          {.type = PageType::kData, .values = slices_[i].entries, .encoding = encoding_}));
      written_.pages.push_back({begin, static_cast<uint32_t>(offset_ - begin), row});
      row += place_.page_rows[i];
      NoteStatistics(slices_[i]);
    }
    written_.footer.compressed_bytes = offset_ - place_.offset;
    AddBloomFilter();
    return std::move(written_);
  }

 private:
  void TakeValues();
  // How large a dictionary may be that saves so much, and whether that of a chunk may.
  uint64_t DictionaryLimit(uint64_t worth_bytes) const;
  bool PaysDictionary(const CodedValues& coded, Type type) const;
  void ChooseEncoding();
  void ChooseCodeWidth();
  void DescribeChunk();
  base::Status WriteDictionary();
  void EncodeSlice(const PageSlice& slice, Encoding encoding, std::string& out) const;
  std::string EncodePage(const PageSlice& slice) const;
  base::Status WritePage(std::string_view plain, PageHeader header);
  std::vector<uint32_t> DistinctCodes(const PageSlice& slice);
  void NoteStatistics(const PageSlice& slice);
  void AddBloomFilter();

  size_t CompressedSize(std::string_view plain) const {
    if (options_.codec == Codec::kUncompressed) return plain.size();
    return CompressPage(options_.codec, options_.zstd_level, plain).size();
  }
  // The page that the rest is judged by: one in the middle that has values.
  const PageSlice& Sample() const {
    const PageSlice& middle = slices_[slices_.size() / 2];
    if (middle.values > 0) return middle;
    return *std::ranges::max_element(slices_, {}, &PageSlice::values);
  }

  const ColumnChunk& chunk_;
  const ChunkPlace& place_;
  const WriterOptions& options_;
  ByteSink& sink_;
  const std::vector<PageSlice> slices_;
  uint64_t offset_;

  // The values: coded, or one by one.
  std::optional<CodedValues> coded_;
  std::vector<uint32_t> last_pages_;  // by code: the last page that has it, from 1 on
  Values resolved_;
  const Values* values_ = nullptr;
  size_t value_count_ = 0;
  Encoding encoding_ = Encoding::kPlain;
  uint32_t code_width_ = 0;
  Codec codec_ = Codec::kUncompressed;
  WrittenChunk written_;
};

uint64_t ChunkWriter::DictionaryLimit(uint64_t worth_bytes) const {
  const uint64_t limit = options_.dictionary_limit_bytes;
  return std::max(limit, std::min(kLargeDictionary * limit, worth_bytes));
}

bool ChunkWriter::PaysDictionary(const CodedValues& coded, Type type) const {
  const uint64_t bytes = PlainBytes(coded.dictionary, type);
  // All values by the mean size of a distinct one.
  const size_t distinct = std::max<size_t>(1, CountOf(coded.dictionary));
  return bytes <= DictionaryLimit(bytes / distinct * coded.codes.size() / kLargeDictionary);
}

void ChunkWriter::TakeValues() {
  const Type type = place_.column.type;
  if (const auto* given = std::get_if<CodedValues>(&chunk_.values)) {
    coded_ = DropUnused(*given);
    if (!PaysDictionary(*coded_, type)) {
      resolved_ = Resolve(*coded_);
      values_ = &resolved_;
      coded_.reset();
    }
  } else {
    values_ = &std::get<Values>(chunk_.values);
    const uint64_t worth = PlainBytes(*values_, type) / kLargeDictionary;
    coded_ = BuildDictionary(*values_, DictionaryLimit(worth));
  }
  value_count_ = coded_ ? coded_->codes.size() : CountOf(*values_);
  const PageSlice& last = slices_.back();
  CHECK(value_count_ == last.first_value + last.values);
  if (coded_ && coded_->codes.empty()) {
    resolved_ = EmptyValues(type);
    values_ = &resolved_;
    coded_.reset();
  }
}

void ChunkWriter::ChooseEncoding() {
  if (coded_) {
    encoding_ = Encoding::kRleDictionary;
    ChooseCodeWidth();
  } else if (value_count_ > 0) {
    const auto size_in = [&](Encoding encoding) {
      std::string sample;
      EncodeSlice(Sample(), encoding, sample);
      return CompressedSize(sample);
    };
    size_t least = size_in(Encoding::kPlain);
    for (const Encoding candidate : Candidates(place_.column.type)) {
      const size_t size = size_in(candidate);
      if (size >= least) continue;
      least = size;
      encoding_ = candidate;
    }
  }
  // The whole page is what is compressed, levels too.
  const std::string page = EncodePage(value_count_ > 0 ? Sample() : slices_.front());
  if (options_.codec != Codec::kUncompressed &&
      CompressedSize(page) < page.size() * (100 - kLeastSaved) / 100) {
    codec_ = options_.codec;
  } else if (coded_ && options_.codec != Codec::kUncompressed) {
    // A dictionary of texts may be most of the chunk.
    std::string dictionary;
    const size_t count = CountOf(coded_->dictionary);
    EncodeValues({coded_->dictionary, place_.column.type, 0, count}, Encoding::kPlain, dictionary);
    const size_t all = dictionary.size() + page.size() * slices_.size();
    const size_t saved =
        dictionary.size() - std::min(dictionary.size(), CompressedSize(dictionary));
    if (saved > all * kLeastSaved / 100) codec_ = options_.codec;
  }
}

// Compression works on bytes: codes that fill one or two of them show it how often each is
// there and where some are there again, which may save more than their bits cost.
void ChunkWriter::ChooseCodeWidth() {
  code_width_ = WidthOfCodes(static_cast<uint32_t>(CountOf(coded_->dictionary)));
  const uint32_t tight = code_width_, whole = tight <= 8 ? 8 : 16;
  if (options_.codec == Codec::kUncompressed || tight < kLeastWidened || tight >= whole) return;
  const auto size_in = [&](uint32_t width) {
    code_width_ = width;
    std::string sample;
    EncodeSlice(Sample(), encoding_, sample);
    return std::min(sample.size(), CompressedSize(sample));
  };
  code_width_ = size_in(whole) < size_in(tight) ? whole : tight;
}

void ChunkWriter::DescribeChunk() {
  ChunkFooter& footer = written_.footer;
  footer.type = place_.column.type;
  footer.path = place_.column.path;
  footer.codec = codec_;
  footer.encodings = {encoding_, Encoding::kRle};
  if (coded_) footer.encodings.push_back(Encoding::kPlain);
  footer.values = slices_.back().first_entry + slices_.back().entries;
}

base::Status ChunkWriter::WriteDictionary() {
  std::string plain;
  const size_t count = CountOf(coded_->dictionary);
  EncodeValues({coded_->dictionary, place_.column.type, 0, count}, Encoding::kPlain, plain);
  written_.footer.dictionary_page_offset = offset_;
  return WritePage(plain, {.type = PageType::kDictionary, .values = count});
}

void ChunkWriter::EncodeSlice(const PageSlice& slice, Encoding encoding, std::string& out) const {
  if (encoding == Encoding::kRleDictionary) {
    EncodeCodes(std::span(coded_->codes).subspan(slice.first_value, slice.values), code_width_,
                out);
  } else {
    EncodeValues({*values_, place_.column.type, slice.first_value, slice.values}, encoding, out);
  }
}

// Levels of a v1 page stand behind their length.
void AppendLevels(std::span<const uint8_t> levels, uint8_t highest, std::string& out) {
  const size_t place = out.size();
  out.append(4, '\0');
  EncodeLevels(levels, highest, out);
  const auto size = static_cast<uint32_t>(out.size() - place - 4);
  out.replace(place, 4, reinterpret_cast<const char*>(&size), 4);
}

std::string ChunkWriter::EncodePage(const PageSlice& slice) const {
  std::string page;
  const Column& column = place_.column;
  const Levels& levels = chunk_.levels;
  if (column.max_repetition > 0) {
    AppendLevels(std::span(levels.repetition).subspan(slice.first_entry, slice.entries),
                 column.max_repetition, page);
  }
  if (column.max_definition > 0) {
    AppendLevels(std::span(levels.definition).subspan(slice.first_entry, slice.entries),
                 column.max_definition, page);
  }
  EncodeSlice(slice, encoding_, page);
  return page;
}

base::Status ChunkWriter::WritePage(std::string_view plain, PageHeader header) {
  std::string compressed;
  std::string_view bytes = plain;
  if (codec_ != Codec::kUncompressed) {
    compressed = CompressPage(codec_, options_.zstd_level, plain);
    bytes = compressed;
  }
  header.uncompressed_bytes = plain.size();
  header.compressed_bytes = bytes.size();
  header.crc = libdeflate_crc32(0, bytes.data(), bytes.size());
  const std::string encoded = EncodePageHeader(header);
  TRY(sink_.Append(encoded));
  TRY(sink_.Append(bytes));
  offset_ += encoded.size() + bytes.size();
  written_.footer.uncompressed_bytes += encoded.size() + plain.size();
  return {};
}

// Each code of the page once.
std::vector<uint32_t> ChunkWriter::DistinctCodes(const PageSlice& slice) {
  last_pages_.resize(CountOf(coded_->dictionary));
  const auto page = static_cast<uint32_t>(written_.pages.size());  // from 1 on
  std::vector<uint32_t> distinct;
  for (const uint32_t code : std::span(coded_->codes).subspan(slice.first_value, slice.values)) {
    if (last_pages_[code] == page) continue;
    last_pages_[code] = page;
    distinct.push_back(code);
  }
  return distinct;
}

void ChunkWriter::NoteStatistics(const PageSlice& slice) {
  Statistics page;
  if (!coded_) {
    page = BoundsOf(*values_, slice.first_value, slice.values);
  } else {
    page = BoundsOf(coded_->dictionary, DistinctCodes(slice));
  }
  page.null_count = slice.entries - slice.values;
  // All NaN, or a maximum too long to be rounded up.
  if (slice.values > 0 && !(page.min && page.max)) written_.bounded = false;
  const bool first = written_.page_statistics.empty();
  Statistics& whole = written_.footer.statistics;
  // A maximum that could not be told for one page is unknown for all.
  const bool unbounded = !first && whole.min && !whole.max;
  whole = first ? page : Merge(whole, page, place_.column.type);
  if (unbounded || (page.min && !page.max)) whole.max.reset();
  written_.page_statistics.push_back(std::move(page));
}

void ChunkWriter::AddBloomFilter() {
  if (chunk_.bloom_filter == BloomFilterOf::kNone || value_count_ == 0) return;
  // Readers ask such a filter with other bytes than were put in, and find nothing.
  const Column& column = place_.column;
  CHECK(column.logical == LogicalType::kString || column.logical == LogicalType::kUuid ||
        (column.type != Type::kByteArray && column.type != Type::kFixedLenByteArray));
  const Values& values = coded_ ? coded_->dictionary : *values_;
  const size_t count = CountOf(values);
  const bool small = coded_ && count <= kSmallDictionary;
  if (small && chunk_.bloom_filter == BloomFilterOf::kLargeChunks) return;
  std::vector<uint64_t> hashes;
  hashes.reserve(count);
  const auto hash_numbers = [&](const auto& numbers) {
    for (const auto& number : numbers) {
      hashes.push_back(
          BloomFilter::HashOf({reinterpret_cast<const char*>(&number), sizeof number}));
    }
  };
  if (const auto* bytes = std::get_if<ByteArrays>(&values)) {
    for (size_t i = 0; i < bytes->size(); ++i) hashes.push_back(BloomFilter::HashOf((*bytes)[i]));
  } else if (const auto* wide = std::get_if<std::vector<int64_t>>(&values)) {
    hash_numbers(*wide);
  } else if (const auto* narrow = std::get_if<std::vector<int32_t>>(&values)) {
    hash_numbers(*narrow);
  } else {
    return;
  }
  if (!coded_) {
    std::ranges::sort(hashes);
    hashes.erase(std::ranges::unique(hashes).begin(), hashes.end());
  }
  BloomFilter filter = BloomFilter::ForValues(hashes.size(), kBloomBitsPerValue);
  for (const uint64_t hash : hashes) filter.AddHash(hash);
  written_.bloom_filter = filter.bytes();
}

}  // namespace

base::Result<WrittenChunk> WriteChunk(const ColumnChunk& chunk, const ChunkPlace& place,
                                      const WriterOptions& options, ByteSink& sink) {
  return ChunkWriter(chunk, place, options, sink).Write();
}

}  // namespace clew::parquet
