// SPDX-License-Identifier: Apache-2.0
#include "store/block_file.h"

#include <algorithm>

#include "parquet/bloom_filter.h"

namespace clew::store {
namespace {

// What stands for a page in a key when it is none.
constexpr uint32_t kWholeChunk = UINT32_MAX;
constexpr uint32_t kDictionary = UINT32_MAX - 1;
constexpr uint32_t kLocations = UINT32_MAX - 2;
constexpr uint32_t kCodedRows = UINT32_MAX - 3;
constexpr uint32_t kBloomFilter = UINT32_MAX - 4;
constexpr uint32_t kBounds = UINT32_MAX - 5;
constexpr uint32_t kExponents = UINT32_MAX - 6;
// What stands for a column that is all of them.
constexpr uint32_t kAllColumns = UINT32_MAX;
constexpr uint32_t kDecodedRows = UINT32_MAX - 1;

size_t BytesOf(const BlockFile::Pages& pages) {
  size_t bytes = pages.size() * sizeof(BlockFile::Pages::value_type);
  for (const auto& column : pages) bytes += column.size() * sizeof(parquet::PageLocation);
  return bytes;
}
size_t BytesOf(const ColumnCells& cells) {
  return cells.size_bytes();
}
size_t BytesOf(const BlockFile::Row& row) {
  size_t bytes = 0;
  for (const ColumnCells& cells : row) bytes += cells.size_bytes();
  return bytes;
}
size_t BytesOf(const std::vector<parquet::PlainPage>& pages) {
  size_t bytes = 0;
  for (const parquet::PlainPage& page : pages) bytes += page.size_bytes();
  return bytes;
}
size_t BytesOf(const std::optional<CodedRows>& coded) {
  return sizeof coded + (coded ? coded->size_bytes() : 0);
}
size_t BytesOf(const BlockFile::Bounds& bounds) {
  return bounds.size() * sizeof(parquet::Statistics);
}
size_t BytesOf(const Exponents& exponents) {
  return sizeof(Exponents) + exponents.size();
}
size_t BytesOf(const std::string& bytes) {
  return sizeof(std::string) + bytes.size();
}
size_t BytesOf(const parquet::Values& values) {
  if (const auto* texts = std::get_if<parquet::ByteArrays>(&values)) return texts->size_bytes();
  return 8 * parquet::CountOf(values);
}

bool BreakAlike(const BlockFile::Pages& pages) {
  return std::ranges::all_of(pages, [&](const std::vector<parquet::PageLocation>& column) {
    return std::ranges::equal(column, pages.front(), {}, &parquet::PageLocation::rows,
                              &parquet::PageLocation::rows);
  });
}

}  // namespace

BlockFile::BlockFile(parquet::FileReader reader, PageCache* cache)
    : reader_(std::move(reader)),
      cache_(cache),
      number_(cache == nullptr ? 0 : cache->NumberFile()) {}

PageCache::Key BlockFile::KeyOf(size_t row_group, size_t column, uint32_t page) const {
  return {.file = number_,
          .group = static_cast<uint32_t>(row_group),
          .column = static_cast<uint32_t>(column),
          .page = page};
}

template <typename T, typename Load>
base::Result<std::shared_ptr<const T>> BlockFile::Get(size_t row_group, size_t column,
                                                      uint32_t page, Load load) const {
  const auto read = [&]() -> base::Result<PageCache::Loaded> {
    auto value = std::make_shared<const T>(TRY(load()));
    const size_t bytes = BytesOf(*value);
    return PageCache::Loaded{std::move(value), bytes};
  };
  if (cache_ == nullptr) {
    auto loaded = read();
    if (!loaded.ok()) return reader_.WithName(std::move(loaded).error());
    return std::static_pointer_cast<const T>(loaded.value().value);
  }
  auto value = cache_->Get(KeyOf(row_group, column, page), read);
  if (!value.ok()) return reader_.WithName(std::move(value).error());
  return std::static_pointer_cast<const T>(value.value());
}

base::Result<std::shared_ptr<const BlockFile::Pages>> BlockFile::PagesOf(size_t row_group) const {
  return Get<Pages>(row_group, 0, kLocations, [&]() -> base::Result<Pages> {
    Pages pages = TRY(reader_.PagesOf(row_group));
    if (BreakAlike(pages)) return pages;
    return base::Error{base::ErrorCode::kCorruption, "pages of columns break at different rows"};
  });
}

base::Result<std::shared_ptr<const BlockFile::Bounds>> BlockFile::BoundsOf(size_t row_group,
                                                                           size_t column) const {
  return Get<Bounds>(row_group, column, kBounds, [&]() -> base::Result<Bounds> {
    Bounds bounds = TRY(reader_.PageStatisticsOf(row_group, column));
    const auto told = [](const parquet::Statistics& page) {
      return page.min && page.max && page.min->size() == 8 && page.max->size() == 8;
    };
    const size_t pages = (*TRY(PagesOf(row_group)))[column].size();
    if (bounds.size() == pages && std::ranges::all_of(bounds, told)) return bounds;
    return base::Error{base::ErrorCode::kCorruption,
                       "pages do not tell the bounds of their values"};
  });
}

base::Result<std::shared_ptr<const parquet::Values>> BlockFile::Dictionary(size_t row_group,
                                                                           size_t column) const {
  return Get<parquet::Values>(row_group, column, kDictionary,
                              [&] { return reader_.ReadDictionary(row_group, column); });
}

base::Result<ColumnCells> BlockFile::ReadPage(size_t row_group, size_t column, size_t page) const {
  const std::shared_ptr<const Pages> pages = TRY(PagesOf(row_group));
  if (page >= (*pages)[column].size()) {
    return base::Error{base::ErrorCode::kCorruption, "a page is missing"};
  }
  parquet::Page read = TRY(reader_.ReadPage(row_group, column, (*pages)[column][page]));
  return CellsOf(row_group, column, std::move(read));
}

base::Result<ColumnCells> BlockFile::CellsOf(size_t row_group, size_t column,
                                             parquet::Page page) const {
  std::shared_ptr<const parquet::Values> dictionary;
  if (std::holds_alternative<std::vector<uint32_t>>(page.values)) {
    dictionary = TRY(Dictionary(row_group, column));
  }
  auto cells =
      ColumnCells::Make(std::move(page), std::move(dictionary), reader_.schema().columns()[column]);
  if (!cells.ok()) return reader_.WithName(std::move(cells).error());
  return cells;
}

base::Result<BlockFile::Cells> BlockFile::Page(size_t row_group, size_t column, size_t page) const {
  return Get<ColumnCells>(row_group, column, static_cast<uint32_t>(page),
                          [&] { return ReadPage(row_group, column, page); });
}

base::Result<BlockFile::PlainPages> BlockFile::ReadPlain(const Pages& pages, size_t row_group,
                                                         size_t page) const {
  PlainPages plain;
  plain.reserve(pages.size());
  for (size_t column = 0; column < pages.size(); ++column) {
    plain.push_back(TRY(reader_.ReadPlain(row_group, column, pages[column][page])));
  }
  return plain;
}

// Without `columns`, all of them.
base::Result<BlockFile::Row> BlockFile::DecodeRows(size_t row_group, size_t page,
                                                   parquet::Part rows, const Asked* columns) const {
  const std::shared_ptr<const Pages> pages = TRY(PagesOf(row_group));
  const auto plain = TRY(Get<PlainPages>(row_group, kAllColumns, static_cast<uint32_t>(page),
                                         [&] { return ReadPlain(*pages, row_group, page); }));
  Row row;
  row.reserve(pages->size());
  for (size_t column = 0; column < pages->size(); ++column) {
    if (columns != nullptr && !(*columns)[column]) {
      row.push_back(ColumnCells::Unread());
      continue;
    }
    parquet::Page part =
        TRY(reader_.DecodeRows(row_group, column, (*plain)[column], (*pages)[column][page], rows));
    // Where they have no value the dictionary need not be read.
    const auto* codes = std::get_if<std::vector<uint32_t>>(&part.values);
    if (codes != nullptr && codes->empty()) {
      part.values = parquet::EmptyValues(reader_.schema().columns()[column].type);
    }
    row.push_back(TRY(CellsOf(row_group, column, std::move(part))));
  }
  return row;
}

base::Result<BlockFile::Rows> BlockFile::RowsOf(size_t row_group, size_t page, parquet::Part rows,
                                                const Asked& columns) const {
  const auto number = static_cast<uint32_t>(page);
  if (cache_ == nullptr || !cache_->IsAskedOften(KeyOf(row_group, kDecodedRows, number))) {
    Row row = TRY(DecodeRows(row_group, page, rows, &columns));
    return Rows{.cells = std::make_shared<const Row>(std::move(row)), .first = rows.first};
  }
  const size_t all = (*TRY(PagesOf(row_group))).front()[page].rows;
  return Rows{.cells = TRY(Get<Row>(row_group, kDecodedRows, number, [&] {
                return DecodeRows(row_group, page, {.first = 0, .count = all}, nullptr);
              }))};
}

base::Result<bool> BlockFile::MayContain(size_t row_group, size_t column,
                                         std::string_view plain) const {
  if (!reader_.chunk(row_group, column).has_bloom_filter) return true;
  const auto filter = TRY(Get<std::string>(
      row_group, column, kBloomFilter, [&] { return reader_.ReadBloomFilter(row_group, column); }));
  return parquet::MayContain(*filter, plain);
}

base::Result<std::optional<CodedRows>> BlockFile::ReadCoded(size_t row_group, size_t column) const {
  std::shared_ptr<const parquet::Values> dictionary = TRY(Dictionary(row_group, column));
  return CodedRows::Of(TRY(ReadCells(reader_, row_group, column, std::move(dictionary))));
}

base::Result<std::shared_ptr<const CodedRows>> BlockFile::Coded(size_t row_group,
                                                                size_t column) const {
  if (!reader_.chunk(row_group, column).has_dictionary) return std::shared_ptr<const CodedRows>();
  const auto kept = TRY(Get<std::optional<CodedRows>>(
      row_group, column, kCodedRows, [&] { return ReadCoded(row_group, column); }));
  if (!*kept) return std::shared_ptr<const CodedRows>();
  return std::shared_ptr<const CodedRows>(kept, &**kept);
}

base::Result<std::shared_ptr<const Exponents>> BlockFile::ExponentsOf(size_t row_group,
                                                                      size_t column) const {
  return Get<Exponents>(row_group, column, kExponents, [&]() -> base::Result<Exponents> {
    return store::ExponentsOf(TRY(ReadCells(reader_, row_group, column)));
  });
}

base::Result<BlockFile::Cells> BlockFile::Chunk(size_t row_group, size_t column) const {
  return Get<ColumnCells>(row_group, column, kWholeChunk,
                          [&] { return ReadCells(reader_, row_group, column); });
}

}  // namespace clew::store
