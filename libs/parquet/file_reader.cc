// SPDX-License-Identifier: Apache-2.0
#include "parquet/file_reader.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/bytes.h"
#include "base/hash.h"
#include "parquet/bloom_filter.h"
#include "parquet/foreign_bounds.h"
#include "parquet/page_reader.h"

namespace clew::parquet {
namespace {

constexpr size_t kTailBytes = size_t{64} << 10;  // holds most footers whole
constexpr uint64_t kMaxIndexBytes = uint64_t{256} << 20;
constexpr size_t kBloomHeaderBytes = 64;

constexpr size_t kChecksumBytes = 8;  // before the footer
constexpr size_t kEndBytes = 8;       // behind it: its length and the magic

// The last `size` bytes.
base::Result<std::string> ReadTail(const ByteSource& source, uint64_t size) {
  return source.Read(source.size() - size, size);
}

struct FooterBytes {
  std::string bytes;
  size_t begin = 0;  // of the footer; before it its checksum may stand

  std::string_view footer() const { return std::string_view(bytes).substr(begin); }
  bool has_its_checksum() const {
    return begin == kChecksumBytes && bytes.starts_with(kFooterChecksumMagic) &&
           base::LoadLittle<uint32_t>(bytes.data() + 4) == base::Crc32c(footer());
  }
};

base::Result<FooterBytes> ReadFooterBytes(const ByteSource& source) {
  const uint64_t size = source.size();
  if (size < kMagic.size() + kEndBytes) {
    return base::Corrupt("the file is too short for a Parquet file");
  }
  std::string tail = TRY(ReadTail(source, std::min<uint64_t>(size, kTailBytes)));
  if (!tail.ends_with(kMagic)) {
    if (tail.ends_with("PARE")) {
      return base::Error{base::ErrorCode::kUnsupported, "the Parquet file is encrypted"};
    }
    return base::Corrupt("the file does not end as a Parquet file");
  }
  const uint64_t footer = base::LoadLittle<uint32_t>(tail.data() + tail.size() - kEndBytes);
  if (footer + kMagic.size() + kEndBytes > size)
    return base::Corrupt("the footer is longer than the file");
  const uint64_t wanted = std::min(size, footer + kEndBytes + kChecksumBytes);
  if (wanted > tail.size()) tail = TRY(ReadTail(source, wanted));
  tail.resize(tail.size() - kEndBytes);
  tail.erase(0, tail.size() - static_cast<size_t>(wanted - kEndBytes));
  const size_t begin = tail.size() - footer;
  return FooterBytes{.bytes = std::move(tail), .begin = begin};
}

base::Error Named(const ByteSource& source, base::Error error) {
  if (!source.name().empty()) error.message = std::string(source.name()) + ": " + error.message;
  return error;
}

// Of a codec that is not read, how people call it; null for one that is.
const char* UnknownCodec(Codec codec) {
  switch (codec) {
    case Codec::kUncompressed:
    case Codec::kSnappy:
    case Codec::kGzip:
    case Codec::kZstd:
    case Codec::kLz4Raw:
      return nullptr;
  }
  constexpr const char* kNames[] = {"lzo", "brotli", "lz4 of Hadoop"};
  const size_t place = static_cast<size_t>(codec) - 3;
  return place < std::size(kNames) ? kNames[place] : "unknown";
}

// Some writers do not tell where the dictionary is: then it is the first page, if any.
bool MayHaveDictionary(const ChunkFooter& chunk) {
  return chunk.begin() != chunk.data_page_offset ||
         std::ranges::any_of(chunk.encodings, IsDictionary);
}

}  // namespace

size_t Page::size_bytes() const {
  size_t bytes = sizeof *this + levels.definition.size() + levels.repetition.size();
  if (const auto* codes = std::get_if<std::vector<uint32_t>>(&values)) {
    return bytes + codes->size() * sizeof(uint32_t);
  }
  const Values& plain = std::get<Values>(values);
  if (const auto* texts = std::get_if<ByteArrays>(&plain)) return bytes + texts->size_bytes();
  return bytes + 8 * CountOf(plain);
}

struct FileReader::State {
  const ByteSource& source;
  Schema schema;
  FileFooter footer;
  std::vector<std::vector<ChunkMetadata>> chunks;

  const ChunkFooter& ChunkAt(size_t row_group, size_t column) const {
    return footer.row_groups[row_group].chunks[column];
  }
  // An error with the place that it is about.
  base::Error At(size_t row_group, size_t column, base::Error error) const {
    error.message = "row group " + std::to_string(row_group) + ", column " +
                    schema.columns()[column].name() + ": " + error.message;
    return Named(source, std::move(error));
  }
  PageContext ContextOf(size_t row_group, size_t column) const {
    return {schema.columns()[column], ChunkAt(row_group, column).codec};
  }
  // What is read must have the checksum, if there is one.
  base::Result<std::string> ReadExtent(const Extent& extent,
                                       std::optional<uint32_t> checksum = std::nullopt) const {
    const bool fits = extent.size <= kMaxIndexBytes && extent.offset <= source.size() &&
                      extent.size <= source.size() - extent.offset;
    if (!fits) return base::Corrupt("something lies outside of the file");
    std::string bytes = TRY(source.Read(extent.offset, extent.size));
    if (checksum && base::Crc32c(bytes) != *checksum) {
      return base::Corrupt("an index does not have its checksum");
    }
    return bytes;
  }
  // All pages of a chunk, dictionary included.
  base::Result<std::string> ReadPages(const ChunkFooter& chunk) const {
    const uint64_t begin = chunk.begin();
    if (begin > source.size() || chunk.compressed_bytes > source.size() - begin) {
      return base::Corrupt("the column chunk lies outside of the file");
    }
    return source.Read(begin, chunk.compressed_bytes);
  }

  // Our footer tells all encodings of a chunk, and has a checksum where headers have none.
  base::Status CheckEncoding(const RawPage& raw, const ChunkFooter& chunk) const {
    const std::vector<Encoding>& known = chunk.encodings;
    if (!chunk.checksums || std::ranges::find(known, raw.header.encoding) != known.end()) return {};
    return base::Corrupt("a page has an encoding that its footer does not tell of");
  }

  // Nor does a page index tell how many entries the rows of a page have, where that is not one
  // each.
  base::Status CheckEntries(const PlainPage& plain, size_t row_group, size_t column) const {
    const uint8_t highest = schema.columns()[column].max_repetition;
    const bool known = ChunkAt(row_group, column).checksums && highest > 0;
    if (!known || AreLevelsOf(plain.repetition, highest, plain.header.values)) return {};
    return base::Corrupt("a page has other entries than its header says");
  }

  base::Status Check() const;
  Statistics Trusted(Statistics told, size_t column) const;
  void DescribeChunks();
  base::Result<std::vector<PageLocation>> PagesOf(size_t row_group, size_t column) const;
  base::Result<std::vector<PageLocation>> DecodePages(size_t row_group, size_t column,
                                                      std::string_view index) const;
  Extent OffsetIndexesOf(size_t row_group) const;
  base::Result<std::vector<PageLocation>> WalkPages(size_t row_group, size_t column) const;
  base::Result<Values> ReadDictionary(size_t row_group, size_t column) const;
  base::Result<Page> ReadChunk(size_t row_group, size_t column) const;
  base::Result<std::string> ReadBloomFilter(const ChunkFooter& chunk) const;
};

FileReader::FileReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
FileReader::FileReader(FileReader&&) noexcept = default;
FileReader& FileReader::operator=(FileReader&&) noexcept = default;
FileReader::~FileReader() = default;

namespace {

base::Error Unsupported(const std::string& what) {
  return {base::ErrorCode::kUnsupported, what};
}

base::Status CheckChunk(const ChunkFooter& chunk, const Column& column) {
  if (chunk.encrypted) return Unsupported("it is encrypted");
  if (chunk.type != column.type) return base::Corrupt("has another type than the schema says");
  if (chunk.path != column.path)
    return base::Corrupt("the column chunk of another column is in its place");
  if (chunk.type == Type::kInt96) return Unsupported("INT96 is not read");
  if (chunk.elsewhere) return Unsupported("its pages are in another file");
  const char* const codec = UnknownCodec(chunk.codec);
  if (codec != nullptr) return Unsupported("compression is not read: " + std::string(codec));
  return {};
}

}  // namespace

// That the footer says of each row group what the schema says of all.
base::Status FileReader::State::Check() const {
  uint64_t rows = 0;
  for (size_t group = 0; group < footer.row_groups.size(); ++group) {
    const RowGroupFooter& row_group = footer.row_groups[group];
    rows += row_group.rows;
    if (row_group.rows > UINT32_MAX || row_group.chunks.size() != schema.columns().size()) {
      return base::Corrupt("row group " + std::to_string(group) + " does not fit the schema");
    }
    for (size_t i = 0; i < row_group.chunks.size(); ++i) {
      base::Status checked = CheckChunk(row_group.chunks[i], schema.columns()[i]);
      if (!checked.ok()) {
        return base::Error{checked.error().code, "row group " + std::to_string(group) +
                                                     ", column " + schema.columns()[i].name() +
                                                     ": " + checked.error().message};
      }
    }
  }
  if (rows != footer.rows) return base::Corrupt("the row groups have other rows than the file");
  return {};
}

// What the file says of the bounds of a column, as far as it says anything.
Statistics FileReader::State::Trusted(Statistics told, size_t column) const {
  const bool ordered = column < footer.type_ordered.size() && footer.type_ordered[column];
  return TrustedBounds(std::move(told), schema.columns()[column], ordered);
}

void FileReader::State::DescribeChunks() {
  for (const RowGroupFooter& group : footer.row_groups) {
    std::vector<ChunkMetadata>& described = chunks.emplace_back();
    for (size_t column = 0; column < group.chunks.size(); ++column) {
      const ChunkFooter& chunk = group.chunks[column];
      described.push_back({.values = chunk.values,
                           .codec = chunk.codec,
                           .compressed_bytes = chunk.compressed_bytes,
                           .uncompressed_bytes = chunk.uncompressed_bytes,
                           .has_dictionary = MayHaveDictionary(chunk),
                           .has_bloom_filter = chunk.bloom_filter.has_value(),
                           .statistics = Trusted(chunk.statistics, column),
                           .encodings = chunk.encodings});
    }
  }
}

base::Result<std::unique_ptr<FileReader::State>> FileReader::OpenState(const ByteSource& source,
                                                                       Checks checks) {
  const FooterBytes bytes = TRY(ReadFooterBytes(source));
  if (checks == Checks::kChecked && !bytes.has_its_checksum()) {
    return base::Corrupt("the footer does not have its checksum");
  }
  FileFooter footer = TRY(DecodeFooter(bytes.footer()));
  auto schema = Schema::Make(footer.fields);
  if (!schema.ok()) return base::Corrupt(schema.error().message);
  auto state = std::unique_ptr<State>(new State{.source = source,
                                                .schema = std::move(schema).value(),
                                                .footer = std::move(footer),
                                                .chunks = {}});
  TRY(state->Check());
  state->DescribeChunks();
  return state;
}

base::Result<FileReader> FileReader::Open(const ByteSource& source, Checks checks) {
  auto state = OpenState(source, checks);
  if (!state.ok()) return Named(source, std::move(state).error());
  return FileReader(std::move(state).value());
}

const Schema& FileReader::schema() const {
  return state_->schema;
}
base::Error FileReader::WithName(base::Error error) const {
  const bool told = error.message.find(state_->source.name()) != std::string::npos;
  return told ? error : Named(state_->source, std::move(error));
}
uint64_t FileReader::row_count() const {
  return state_->footer.rows;
}
const std::vector<std::pair<std::string, std::string>>& FileReader::metadata() const {
  return state_->footer.metadata;
}
size_t FileReader::row_group_count() const {
  return state_->footer.row_groups.size();
}
uint32_t FileReader::rows_of(size_t row_group) const {
  return static_cast<uint32_t>(state_->footer.row_groups[row_group].rows);
}
const ChunkMetadata& FileReader::chunk(size_t row_group, size_t column) const {
  return state_->chunks[row_group][column];
}

// Without an index the headers say where the pages are.
base::Result<std::vector<PageLocation>> FileReader::State::WalkPages(size_t row_group,
                                                                     size_t column) const {
  const ChunkFooter& chunk = ChunkAt(row_group, column);
  const std::string bytes = TRY(ReadPages(chunk));
  std::vector<PageLocation> pages;
  uint32_t row = 0;
  for (size_t at = 0; at < bytes.size();) {
    const RawPage raw = TRY(TakePage(std::string_view(bytes).substr(at)));
    if (raw.header.type == PageType::kData || raw.header.type == PageType::kDataV2) {
      const PageContext context = ContextOf(row_group, column);
      const PlainPage plain = TRY(UnpackDataPage(raw, context));
      const Page page = TRY(DecodeDataPage(plain, context.column));
      if (BeginsInsideARow(page)) return Unsupported("a row lies in several pages");
      if (page.rows > 0) {
        pages.push_back({.offset = chunk.begin() + at,
                         .size = static_cast<uint32_t>(raw.size),
                         .first_row = row,
                         .rows = page.rows});
      }
      row += page.rows;
    }
    at += raw.size;
  }
  if (row != footer.row_groups[row_group].rows) return base::Corrupt("its pages have other rows");
  return pages;
}

base::Result<std::vector<PageLocation>> FileReader::State::PagesOf(size_t row_group,
                                                                   size_t column) const {
  const ChunkFooter& chunk = ChunkAt(row_group, column);
  if (!chunk.offset_index) return WalkPages(row_group, column);
  return DecodePages(row_group, column, TRY(ReadExtent(*chunk.offset_index)));
}

// `index` is an offset index, as it is in the file.
base::Result<std::vector<PageLocation>> FileReader::State::DecodePages(
    size_t row_group, size_t column, std::string_view index) const {
  const ChunkFooter& chunk = ChunkAt(row_group, column);
  if (chunk.checksums && base::Crc32c(index) != chunk.checksums->offset_index) {
    return base::Corrupt("an index does not have its checksum");
  }
  const std::vector<PageOffset> offsets = TRY(DecodeOffsetIndex(index));
  const uint64_t rows = footer.row_groups[row_group].rows;
  std::vector<PageLocation> pages;
  for (size_t i = 0; i < offsets.size(); ++i) {
    const uint64_t end = i + 1 < offsets.size() ? offsets[i + 1].first_row : rows;
    const bool in_order = offsets[i].first_row <= end && end <= rows;
    if (!in_order || (i == 0 && offsets[i].first_row != 0)) {
      return base::Corrupt("its offset index is damaged");
    }
    if (offsets[i].first_row == end) continue;
    pages.push_back({.offset = offsets[i].offset,
                     .size = offsets[i].size,
                     .first_row = static_cast<uint32_t>(offsets[i].first_row),
                     .rows = static_cast<uint32_t>(end - offsets[i].first_row)});
  }
  if (pages.empty() && rows > 0) return base::Corrupt("its offset index is empty");
  return pages;
}

base::Result<std::vector<PageLocation>> FileReader::PagesOf(size_t row_group, size_t column) const {
  auto pages = state_->PagesOf(row_group, column);
  if (!pages.ok()) return state_->At(row_group, column, std::move(pages).error());
  return pages;
}

// What spans the offset indexes of a row group; of no size when some are missing or they
// lie far apart.
Extent FileReader::State::OffsetIndexesOf(size_t row_group) const {
  uint64_t begin = UINT64_MAX;
  uint64_t end = 0;
  uint64_t bytes = 0;
  for (const ChunkFooter& chunk : footer.row_groups[row_group].chunks) {
    const bool fits = chunk.offset_index && chunk.offset_index->size <= kMaxIndexBytes &&
                      chunk.offset_index->offset <= source.size();
    if (!fits) return {};
    begin = std::min(begin, chunk.offset_index->offset);
    end = std::max(end, chunk.offset_index->offset + chunk.offset_index->size);
    bytes += chunk.offset_index->size;
  }
  if (end <= begin || end > source.size() || end - begin > 2 * bytes) return {};
  return {begin, end - begin};
}

base::Result<std::vector<std::vector<PageLocation>>> FileReader::PagesOf(size_t row_group) const {
  std::vector<std::vector<PageLocation>> pages;
  const Extent extent = state_->OffsetIndexesOf(row_group);
  const std::string bytes = extent.size == 0 ? std::string() : TRY(state_->ReadExtent(extent));
  for (size_t column = 0; column < schema().columns().size(); ++column) {
    if (extent.size == 0) {
      pages.push_back(TRY(PagesOf(row_group, column)));
      continue;
    }
    const Extent& index = *state_->ChunkAt(row_group, column).offset_index;
    auto decoded = state_->DecodePages(
        row_group, column,
        std::string_view(bytes).substr(index.offset - extent.offset, index.size));
    if (!decoded.ok()) return state_->At(row_group, column, std::move(decoded).error());
    pages.push_back(std::move(decoded).value());
  }
  return pages;
}

base::Result<std::vector<Statistics>> FileReader::PageStatisticsOf(size_t row_group,
                                                                   size_t column) const {
  const ChunkFooter& chunk = state_->ChunkAt(row_group, column);
  if (!chunk.column_index) return std::vector<Statistics>();
  std::optional<uint32_t> checksum;
  if (chunk.checksums) checksum = chunk.checksums->column_index;
  auto bytes = state_->ReadExtent(*chunk.column_index, checksum);
  auto statistics = bytes.ok() ? DecodeColumnIndex(bytes.value())
                               : base::Result<std::vector<Statistics>>(bytes.error());
  if (!statistics.ok()) {
    return state_->At(row_group, column, std::move(statistics).error());
  }
  for (Statistics& page : statistics.value()) page = state_->Trusted(std::move(page), column);
  return statistics;
}

base::Result<Values> FileReader::State::ReadDictionary(size_t row_group, size_t column) const {
  const ChunkFooter& chunk = ChunkAt(row_group, column);
  if (!MayHaveDictionary(chunk)) return EmptyValues(chunk.type);
  const bool told = chunk.begin() < chunk.data_page_offset;
  const std::string bytes =
      told ? TRY(ReadExtent({chunk.begin(), chunk.data_page_offset - chunk.begin()}))
           : TRY(ReadPages(chunk));
  if (!told && bytes.empty()) return EmptyValues(chunk.type);
  const RawPage raw = TRY(TakePage(bytes));
  if (!told && raw.header.type != PageType::kDictionary) return EmptyValues(chunk.type);
  return DecodeDictionaryPage(raw, ContextOf(row_group, column));
}

base::Result<Values> FileReader::ReadDictionary(size_t row_group, size_t column) const {
  auto values = state_->ReadDictionary(row_group, column);
  if (!values.ok()) return state_->At(row_group, column, std::move(values).error());
  return values;
}

base::Result<PlainPage> FileReader::ReadPlain(size_t row_group, size_t column,
                                              const PageLocation& location) const {
  const auto read = [&]() -> base::Result<PlainPage> {
    const std::string bytes = TRY(state_->ReadExtent({location.offset, location.size}));
    const RawPage raw = TRY(TakePage(bytes));
    if (raw.header.type != PageType::kData && raw.header.type != PageType::kDataV2) {
      return base::Corrupt("there is no data page where one should be");
    }
    TRY(state_->CheckEncoding(raw, state_->ChunkAt(row_group, column)));
    PlainPage plain = TRY(UnpackDataPage(raw, state_->ContextOf(row_group, column)));
    TRY(state_->CheckEntries(plain, row_group, column));
    return plain;
  };
  auto page = read();
  if (!page.ok()) return state_->At(row_group, column, std::move(page).error());
  return page;
}

base::Result<Page> FileReader::DecodeRows(size_t row_group, size_t column, const PlainPage& plain,
                                          const PageLocation& location, Part rows) const {
  auto page = parquet::DecodeRows(plain, schema().columns()[column], location.rows, rows);
  if (!page.ok()) return state_->At(row_group, column, std::move(page).error());
  return page;
}

base::Result<Page> FileReader::ReadPage(size_t row_group, size_t column,
                                        const PageLocation& location) const {
  const PlainPage plain = TRY(ReadPlain(row_group, column, location));
  auto page = DecodeDataPage(plain, schema().columns()[column]);
  if (page.ok() && (page.value().rows != location.rows || BeginsInsideARow(page.value()))) {
    page = base::Corrupt("a page has other rows than its index says");
  }
  if (!page.ok()) return state_->At(row_group, column, std::move(page).error());
  return page;
}

base::Result<Page> FileReader::State::ReadChunk(size_t row_group, size_t column) const {
  const ChunkFooter& chunk = ChunkAt(row_group, column);
  const PageContext context = ContextOf(row_group, column);
  const std::string bytes = TRY(ReadPages(chunk));
  Values dictionary = EmptyValues(chunk.type);
  std::vector<Page> pages;
  bool all_coded = true;
  for (size_t at = 0; at < bytes.size();) {
    const RawPage raw = TRY(TakePage(std::string_view(bytes).substr(at)));
    if (raw.header.type == PageType::kDictionary) {
      dictionary = TRY(DecodeDictionaryPage(raw, context));
    } else if (raw.header.type != PageType::kIndex) {
      TRY(CheckEncoding(raw, chunk));
      const PlainPage plain = TRY(UnpackDataPage(raw, context));
      TRY(CheckEntries(plain, row_group, column));
      pages.push_back(TRY(DecodeDataPage(plain, context.column)));
      if (pages.size() == 1 && BeginsInsideARow(pages.front())) {
        return base::Corrupt("its first page begins inside a row");
      }
      all_coded = all_coded && std::holds_alternative<std::vector<uint32_t>>(pages.back().values);
    }
    at += raw.size;
  }
  if (pages.empty()) pages.push_back({.rows = 0, .levels = {}, .values = EmptyValues(chunk.type)});
  for (Page& page : pages) {
    const auto* codes = std::get_if<std::vector<uint32_t>>(&page.values);
    if (codes != nullptr && !all_coded) page.values = TRY(LookUp(dictionary, *codes));
  }
  Page whole = TRY(JoinPages(std::move(pages)));
  if (whole.rows != footer.row_groups[row_group].rows)
    return base::Corrupt("its pages have other rows");
  return whole;
}

base::Result<Page> FileReader::ReadChunk(size_t row_group, size_t column) const {
  auto page = state_->ReadChunk(row_group, column);
  if (!page.ok()) return state_->At(row_group, column, std::move(page).error());
  return page;
}

base::Result<std::string> FileReader::State::ReadBloomFilter(const ChunkFooter& chunk) const {
  const Extent& filter = *chunk.bloom_filter;
  std::optional<uint32_t> checksum;
  if (chunk.checksums) checksum = chunk.checksums->bloom_filter;
  // Older writers do not tell the size: the header does.
  Extent head = filter;
  if (head.size == 0) {
    head.size = std::min<uint64_t>(kBloomHeaderBytes,
                                   source.size() - std::min(filter.offset, source.size()));
  }
  const std::string bytes = TRY(ReadExtent(head, checksum));
  const BloomFilterHeader header = TRY(DecodeBloomFilterHeader(bytes));
  if (header.bitset_bytes % 32 != 0 || header.bitset_bytes == 0) {
    return base::Corrupt("its Bloom filter is damaged");
  }
  if (header.header_bytes + header.bitset_bytes <= bytes.size()) {
    return bytes.substr(header.header_bytes, header.bitset_bytes);
  }
  if (filter.size != 0) return base::Corrupt("its Bloom filter is damaged");
  return ReadExtent({filter.offset + header.header_bytes, header.bitset_bytes});
}

base::Result<std::string> FileReader::ReadBloomFilter(size_t row_group, size_t column) const {
  const ChunkFooter& chunk = state_->ChunkAt(row_group, column);
  if (!chunk.bloom_filter) {
    return base::Error{base::ErrorCode::kInvalidArgument, "the chunk has no Bloom filter"};
  }
  auto filter = state_->ReadBloomFilter(chunk);
  if (!filter.ok()) return state_->At(row_group, column, std::move(filter).error());
  return filter;
}

base::Result<bool> FileReader::MayContain(size_t row_group, size_t column,
                                          std::string_view plain) const {
  if (!chunk(row_group, column).has_bloom_filter) return true;
  return parquet::MayContain(TRY(ReadBloomFilter(row_group, column)), plain);
}

}  // namespace clew::parquet
