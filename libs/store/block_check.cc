// SPDX-License-Identifier: Apache-2.0
#include "store/block_check.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "base/hash.h"
#include "parquet/bloom_filter.h"
#include "parquet/value_bounds.h"
#include "store/block.h"
#include "store/block_rows_check.h"
#include "store/block_writer.h"

namespace clew::store {
namespace {

constexpr uint64_t kReadBytes = uint64_t{1} << 20;

base::Error Wrong(std::string what) {
  return {base::ErrorCode::kCorruption, std::move(what)};
}

base::Status CheckObject(objects::ObjectStore& objects, const std::string& prefix,
                         const CatalogObject& object) {
  const std::string key = prefix + object.name;
  const uint64_t size = TRY(objects.SizeOf(key));
  if (size != object.size_bytes) {
    return Wrong("has " + std::to_string(size) + " bytes, the catalog says " +
                 std::to_string(object.size_bytes));
  }
  base::Hasher128 hasher;
  for (uint64_t offset = 0; offset < size; offset += kReadBytes) {
    hasher.Add(TRY(objects.Get(key, offset, std::min(kReadBytes, size - offset))));
  }
  if (hasher.hash() != object.hash) return Wrong("does not have the hash of the catalog");
  return {};
}

// The bounds of a page's values, found again.
parquet::Statistics BoundsOfPage(const parquet::Page& page, const parquet::Values& dictionary) {
  const size_t entries = page.levels.definition.size();
  parquet::Statistics bounds;
  size_t values = 0;
  if (const auto* codes = std::get_if<std::vector<uint32_t>>(&page.values)) {
    std::vector<uint32_t> distinct = *codes;
    std::ranges::sort(distinct);
    const auto repeated = std::ranges::unique(distinct);
    distinct.erase(repeated.begin(), repeated.end());
    bounds = parquet::BoundsOf(dictionary, distinct);
    values = codes->size();
  } else {
    const auto& plain = std::get<parquet::Values>(page.values);
    values = parquet::CountOf(plain);
    bounds = parquet::BoundsOf(plain, 0, values);
  }
  bounds.null_count = entries == 0 ? 0 : entries - values;
  return bounds;
}

bool CodesFit(const parquet::Page& page, size_t dictionary) {
  const auto* codes = std::get_if<std::vector<uint32_t>>(&page.values);
  return codes == nullptr ||
         std::ranges::all_of(*codes, [&](uint32_t code) { return code < dictionary; });
}

// A value as a Bloom filter is asked for it; none for a type that has no filters.
std::optional<std::string> PlainValue(const parquet::Values& values, size_t place) {
  const auto number = [](auto value) {
    return std::string(reinterpret_cast<const char*>(&value), sizeof(value));
  };
  if (const auto* strings = std::get_if<parquet::ByteArrays>(&values)) {
    return std::string((*strings)[place]);
  }
  if (const auto* wide = std::get_if<std::vector<int64_t>>(&values)) return number((*wide)[place]);
  if (const auto* narrow = std::get_if<std::vector<int32_t>>(&values)) {
    return number((*narrow)[place]);
  }
  return std::nullopt;
}

// One column of one row group.
class ChunkCheck {
 public:
  ChunkCheck(const parquet::FileReader& file, size_t row_group, size_t column)
      : file_(file), row_group_(row_group), column_(column) {}

  base::Status Run() {
    const std::vector<parquet::PageLocation> pages = TRY(file_.PagesOf(row_group_, column_));
    TRY(CheckBreaks(pages));
    dictionary_ = TRY(file_.ReadDictionary(row_group_, column_));
    const std::vector<parquet::Statistics> told = TRY(file_.PageStatisticsOf(row_group_, column_));
    if (!told.empty() && told.size() != pages.size()) return At("has not one bound for each page");
    for (size_t i = 0; i < pages.size(); ++i) {
      const parquet::Page page = TRY(file_.ReadPage(row_group_, column_, pages[i]));
      if (!CodesFit(page, parquet::CountOf(dictionary_))) {
        return At("has codes that are not in its dictionary");
      }
      const parquet::Statistics found = BoundsOfPage(page, dictionary_);
      if (!told.empty() && !AreSame(found, told[i])) {
        return At("has values outside the bounds of their page");
      }
      AddToWhole(found, i == 0);
      if (const auto* values = std::get_if<parquet::Values>(&page.values))
        TRY(CheckFilter(*values));
    }
    TRY(CheckFilter(dictionary_));
    if (AreSame(whole_, file_.chunk(row_group_, column_).statistics)) return {};
    return At("has values outside the bounds of their chunk");
  }

 private:
  base::Error At(const std::string& what) const {
    return Wrong("row group " + std::to_string(row_group_) + ", column " +
                 file_.schema().columns()[column_].name() + " " + what);
  }

  base::Status CheckBreaks(const std::vector<parquet::PageLocation>& pages) const {
    const std::vector<parquet::PageLocation> first = TRY(file_.PagesOf(row_group_, 0));
    const auto same = [](const parquet::PageLocation& a, const parquet::PageLocation& b) {
      return a.first_row == b.first_row && a.rows == b.rows;
    };
    if (std::ranges::equal(pages, first, same)) return {};
    return At("breaks into pages at other rows than the first column");
  }

  static bool AreSame(const parquet::Statistics& a, const parquet::Statistics& b) {
    return a.null_count == b.null_count && a.min == b.min && a.max == b.max;
  }

  // A maximum that cannot be told for one page is unknown for all.
  void AddToWhole(const parquet::Statistics& page, bool first) {
    const bool unbounded = (!first && whole_.min && !whole_.max) || (page.min && !page.max);
    whole_ = first ? page : parquet::Merge(whole_, page, file_.schema().columns()[column_].type);
    if (unbounded) whole_.max.reset();
  }

  base::Status CheckFilter(const parquet::Values& values) {
    if (!file_.chunk(row_group_, column_).has_bloom_filter) return {};
    if (filter_.empty()) filter_ = TRY(file_.ReadBloomFilter(row_group_, column_));
    for (size_t i = 0; i < parquet::CountOf(values); ++i) {
      const auto value = PlainValue(values, i);
      if (value && !parquet::MayContain(filter_, *value)) {
        return At("has a value that its Bloom filter does not know");
      }
    }
    return {};
  }

  const parquet::FileReader& file_;
  const size_t row_group_, column_;
  parquet::Values dictionary_;
  parquet::Statistics whole_;  // of the pages so far
  std::string filter_;         // once it was asked
};

// Runs the checks of one block and keeps what they find.
class BlockCheck {
 public:
  BlockCheck(objects::ObjectStore& objects, const CatalogBlock& catalog)
      : objects_(objects), catalog_(catalog), block_(objects, DescriptionOf(catalog)) {}

  std::vector<BlockFault> Run() {
    const std::string prefix = BlockPrefix(catalog_.tenant, catalog_.id);
    for (const CatalogObject& object : catalog_.objects) {
      Note(object.name, CheckObject(objects_, prefix, object));
    }
    const auto spans = block_.OpenSpans();
    const auto traces = block_.OpenTraces();
    if (!spans.ok() || !traces.ok()) {
      Note("", spans.ok() ? traces.error() : spans.error());
      return std::move(faults_);
    }
    CheckColumns(kBlockObjects[0], spans.value().file());
    CheckColumns(kBlockObjects[1], *traces.value());
    if (faults_.empty()) Note(std::string(kUsualTimesObject), CheckUsualTimes());
    // Rows of damaged pages would only be named once more.
    if (faults_.empty()) Note("", CheckBlockRows(block_, catalog_));
    return std::move(faults_);
  }

 private:
  void Note(std::string object, const base::Status& status) {
    if (status.ok()) return;
    std::string what = status.error().message;
    // The fault says already which object it is of.
    const std::string named = BlockPrefix(catalog_.tenant, catalog_.id) + object + ": ";
    if (what.starts_with(named)) what.erase(0, named.size());
    faults_.push_back({std::move(object), std::move(what), status.error().code});
  }

  base::Status CheckUsualTimes() const {
    const auto times = TRY(block_.ReadAllUsualTimes());
    if (!times) return {};
    uint64_t traces = times->left_out();
    for (const auto& [root, operation] : times->operations()) traces += operation.traces();
    if (traces > catalog_.traces) return Wrong("is of more traces than the block has");
    return {};
  }

  void CheckColumns(std::string_view object, const parquet::FileReader& file) {
    for (size_t group = 0; group < file.row_group_count(); ++group) {
      for (size_t column = 0; column < file.schema().columns().size(); ++column) {
        Note(std::string(object), ChunkCheck(file, group, column).Run());
      }
    }
  }

  objects::ObjectStore& objects_;
  const CatalogBlock& catalog_;
  const Block block_;
  std::vector<BlockFault> faults_;
};

}  // namespace

bool BlockFault::is_damage() const {
  using base::ErrorCode;
  switch (code) {
    case ErrorCode::kIo:
    case ErrorCode::kExhausted:
    case ErrorCode::kUnavailable:
    case ErrorCode::kDeadlineExceeded:
    case ErrorCode::kCancelled:
      return false;
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kUnsupported:
    case ErrorCode::kNotFound:
    case ErrorCode::kTooLarge:
    case ErrorCode::kCorruption:
      return true;
  }
  return true;
}

std::vector<BlockFault> CheckBlock(objects::ObjectStore& objects, const CatalogBlock& block) {
  return BlockCheck(objects, block).Run();
}

}  // namespace clew::store
