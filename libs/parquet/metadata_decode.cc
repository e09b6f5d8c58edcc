// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <utility>

#include "parquet/metadata.h"
#include "parquet/thrift_compact.h"

namespace clew::parquet {
namespace {

using Compact = CompactType;

// Counts and places are never negative.
uint64_t Unsigned(int64_t number) {
  return static_cast<uint64_t>(std::max<int64_t>(number, 0));
}
uint64_t Count(CompactReader& in) {
  return Unsigned(in.Integer());
}

// A number that names something: one byte here, and 255 for what has no room in it, which
// nothing is named by.
template <typename Name>
Name NameOf(int64_t number) {
  return static_cast<Name>(number >= 0 && number < 255 ? number : 255);
}

bool IsInteger(Compact type) {
  return type == Compact::kInt16 || type == Compact::kInt32 || type == Compact::kInt64;
}

base::Error Damaged(const char* what) {
  return {base::ErrorCode::kCorruption, std::string(what) + " of a Parquet file is damaged"};
}

// A field as the footer lists it: groups tell how many of those behind them are theirs.
struct ListedField {
  Field field;
  uint64_t children = 0;
};

LogicalType ReadTimestamp(CompactReader& in) {
  bool utc = false;
  bool nanos = false;
  in.Struct([&](int16_t id, Compact type) {
    if (id == 1) utc = type == Compact::kTrue;
    if (id == 2 && type == Compact::kStruct) {
      in.Struct([&](int16_t unit, Compact unit_type) {
        nanos = unit == 3;
        in.Skip(unit_type);
      });
    } else {
      in.Skip(type);
    }
  });
  return utc && nanos ? LogicalType::kTimestampNanosUtc : LogicalType::kOther;
}

LogicalType ReadIntegerType(CompactReader& in) {
  bool has_sign = false;
  in.Struct([&](int16_t id, Compact type) {
    if (id == 2) has_sign = type == Compact::kTrue;
    in.Skip(type);
  });
  return has_sign ? LogicalType::kOther : LogicalType::kOtherOrder;
}

LogicalType LogicalOfNumber(int16_t number) {
  switch (number) {
    case 1:
      return LogicalType::kString;
    case 2:
      return LogicalType::kMap;
    case 3:
      return LogicalType::kList;
    case 14:
      return LogicalType::kUuid;
    case 4:   // ENUM
    case 6:   // DATE
    case 7:   // TIME
    case 12:  // JSON
    case 13:  // BSON
      return LogicalType::kOther;
    default:
      return LogicalType::kOtherOrder;
  }
}

LogicalType ReadLogicalType(CompactReader& in) {
  LogicalType logical = LogicalType::kNone;
  in.Struct([&](int16_t id, Compact type) {
    if (type == Compact::kStruct && (id == 8 || id == 10)) {
      logical = id == 8 ? ReadTimestamp(in) : ReadIntegerType(in);
      return;
    }
    logical = LogicalOfNumber(id);
    in.Skip(type);
  });
  return logical;
}

LogicalType LogicalOfConverted(int64_t converted) {
  if (converted == 0) return LogicalType::kString;
  if (converted == 1) return LogicalType::kMap;
  if (converted == 3) return LogicalType::kList;
  const bool other_order = converted == 5 || (converted >= 11 && converted <= 14) || converted > 20;
  return other_order ? LogicalType::kOtherOrder : LogicalType::kOther;
}

ListedField ReadListedField(CompactReader& in) {
  ListedField listed;
  LogicalType converted = LogicalType::kNone;
  in.Struct([&](int16_t id, Compact type) {
    if (id == 1 && IsInteger(type)) {
      listed.field.type = NameOf<Type>(in.Integer());
    } else if (id == 2 && IsInteger(type)) {
      listed.field.type_length = static_cast<uint32_t>(Count(in));
    } else if (id == 3 && IsInteger(type)) {
      listed.field.repetition = NameOf<Repetition>(in.Integer());
    } else if (id == 4 && type == Compact::kBinary) {
      listed.field.name = in.Binary();
    } else if (id == 5 && IsInteger(type)) {
      listed.children = Count(in);
    } else if (id == 6 && IsInteger(type)) {
      converted = LogicalOfConverted(in.Integer());
    } else if (id == 10 && type == Compact::kStruct) {
      listed.field.logical = ReadLogicalType(in);
    } else {
      in.Skip(type);
    }
  });
  if (listed.field.logical == LogicalType::kNone) listed.field.logical = converted;
  if (listed.field.type != Type::kFixedLenByteArray) listed.field.type_length = 0;
  return listed;
}

// Takes the children of a group off the front of the list. False when they are not
// there, or what they say is no schema.
bool TakeChildren(std::vector<ListedField>& list, size_t& next, uint64_t count, int depth,
                  std::vector<Field>& fields) {
  if (depth > 64) return false;
  for (uint64_t i = 0; i < count; ++i) {
    if (next == list.size()) return false;
    ListedField& listed = list[next++];
    if (listed.field.repetition > Repetition::kRepeated) return false;
    if (listed.field.type && *listed.field.type > Type::kFixedLenByteArray) return false;
    if (listed.field.type && listed.children > 0) return false;
    if (!TakeChildren(list, next, listed.children, depth + 1, listed.field.children)) return false;
    fields.push_back(std::move(listed.field));
  }
  return true;
}

bool ReadSchema(CompactReader& in, std::vector<Field>& fields) {
  std::vector<ListedField> list;
  in.List([&](Compact type) {
    if (type == Compact::kStruct) {
      list.push_back(ReadListedField(in));
    } else {
      in.Skip(type);
    }
  });
  if (in.failed() || list.empty()) return false;
  size_t next = 1;  // behind the root
  return TakeChildren(list, next, list.front().children, 0, fields) && next == list.size();
}

Statistics ReadStatistics(CompactReader& in) {
  Statistics statistics{.min_exact = false, .max_exact = false};
  in.Struct([&](int16_t id, Compact type) {
    if (id == 3 && IsInteger(type)) {
      statistics.null_count = Count(in);
    } else if (id == 5 && type == Compact::kBinary) {
      statistics.max = std::string(in.Binary());
    } else if (id == 6 && type == Compact::kBinary) {
      statistics.min = std::string(in.Binary());
    } else if (id == 7) {
      statistics.max_exact = type == Compact::kTrue;
    } else if (id == 8) {
      statistics.min_exact = type == Compact::kTrue;
    } else {
      in.Skip(type);
    }
  });
  return statistics;
}

// Counts and places of a chunk's metadata.
void TakeChunkNumber(int16_t id, int64_t number, ChunkFooter& chunk, Extent& bloom_filter) {
  const uint64_t count = Unsigned(number);
  switch (id) {
    case 1:
      chunk.type = NameOf<Type>(number);
      break;
    case 4:
      chunk.codec = NameOf<Codec>(number);
      break;
    case 5:
      chunk.values = count;
      break;
    case 6:
      chunk.uncompressed_bytes = count;
      break;
    case 7:
      chunk.compressed_bytes = count;
      break;
    case 9:
      chunk.data_page_offset = count;
      break;
    case 11:
      chunk.dictionary_page_offset = count;
      break;
    case 14:
      bloom_filter.offset = count;
      break;
    case 15:
      bloom_filter.size = count;
      break;
    default:
      break;
  }
}

// Encodings and path of a chunk.
void ReadChunkList(int16_t id, CompactReader& in, ChunkFooter& chunk) {
  in.List([&](Compact element) {
    if (id == 2 && IsInteger(element)) {
      chunk.encodings.push_back(NameOf<Encoding>(in.Integer()));
    } else if (id == 3 && element == Compact::kBinary) {
      chunk.path.emplace_back(in.Binary());
    } else {
      in.Skip(element);
    }
  });
}

void ReadChunkMetadata(CompactReader& in, ChunkFooter& chunk) {
  Extent bloom_filter;
  in.Struct([&](int16_t id, Compact type) {
    if (IsInteger(type)) {
      TakeChunkNumber(id, in.Integer(), chunk, bloom_filter);
    } else if (type == Compact::kList) {
      ReadChunkList(id, in, chunk);
    } else if (id == 12 && type == Compact::kStruct) {
      chunk.statistics = ReadStatistics(in);
    } else {
      in.Skip(type);
    }
  });
  if (bloom_filter.offset > 0) chunk.bloom_filter = bloom_filter;
}

ChunkFooter ReadChunkFooter(CompactReader& in) {
  ChunkFooter chunk;
  Extent offsets;
  Extent columns;
  in.Struct([&](int16_t id, Compact type) {
    const bool integer = IsInteger(type);
    if (id == 3 && type == Compact::kStruct) {
      ReadChunkMetadata(in, chunk);
    } else if (id == 4 && integer) {
      offsets.offset = Count(in);
    } else if (id == 5 && integer) {
      offsets.size = Count(in);
    } else if (id == 6 && integer) {
      columns.offset = Count(in);
    } else if (id == 7 && integer) {
      columns.size = Count(in);
    } else if (id == 1 && type == Compact::kBinary) {
      chunk.elsewhere = !in.Binary().empty();
    } else {
      chunk.encrypted = chunk.encrypted || id == 8 || id == 9;
      in.Skip(type);
    }
  });
  if (offsets.size > 0) chunk.offset_index = offsets;
  if (columns.size > 0) chunk.column_index = columns;
  return chunk;
}

RowGroupFooter ReadRowGroup(CompactReader& in) {
  RowGroupFooter group;
  in.Struct([&](int16_t id, Compact type) {
    if (id == 1 && type == Compact::kList) {
      in.List([&](Compact element) {
        if (element != Compact::kStruct) return in.Skip(element);
        group.chunks.push_back(ReadChunkFooter(in));
      });
    } else if (id == 3 && IsInteger(type)) {
      group.rows = Count(in);
    } else {
      in.Skip(type);
    }
  });
  return group;
}

std::pair<std::string, std::string> ReadKeyValue(CompactReader& in) {
  std::pair<std::string, std::string> pair;
  in.Struct([&](int16_t id, Compact type) {
    if (type != Compact::kBinary || id > 2) return in.Skip(type);
    (id == 1 ? pair.first : pair.second) = in.Binary();
  });
  return pair;
}

std::optional<uint32_t> TakeHex(std::string_view& text) {
  uint32_t number = 0;
  if (text.size() < 8) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + 8, number, 16);
  if (error != std::errc() || end != text.data() + 8) return std::nullopt;
  text.remove_prefix(8);
  return number;
}

// Gives the chunks their checksums. False when the text is not three for each.
bool TakeChecksums(std::string_view text, FileFooter& footer) {
  for (RowGroupFooter& group : footer.row_groups) {
    for (ChunkFooter& chunk : group.chunks) {
      const auto bloom_filter = TakeHex(text);
      const auto offset_index = TakeHex(text);
      const auto column_index = TakeHex(text);
      if (!bloom_filter || !offset_index || !column_index) return false;
      chunk.checksums = {.bloom_filter = *bloom_filter,
                         .offset_index = *offset_index,
                         .column_index = *column_index};
    }
  }
  return text.empty();
}

// Whether a column is ordered as its type is.
bool ReadColumnOrder(CompactReader& in) {
  bool type_ordered = false;
  in.Struct([&](int16_t id, Compact type) {
    type_ordered = id == 1;
    in.Skip(type);
  });
  return type_ordered;
}

// Row groups, key-value pairs and orders of columns.
void ReadFooterList(int16_t id, CompactReader& in, FileFooter& footer) {
  in.List([&](Compact element) {
    const bool known = id == 4 || id == 5 || id == 7;
    if (element != Compact::kStruct || !known) return in.Skip(element);
    if (id == 4) {
      footer.row_groups.push_back(ReadRowGroup(in));
    } else if (id == 7) {
      footer.type_ordered.push_back(ReadColumnOrder(in));
    } else {
      footer.metadata.push_back(ReadKeyValue(in));
    }
  });
}

// Takes the checksums out of the key-value pairs. False when they are no such.
bool TakeOwnMetadata(FileFooter& footer) {
  const auto checksums = std::ranges::find(footer.metadata, kChecksumsKey,
                                           &std::pair<std::string, std::string>::first);
  if (checksums == footer.metadata.end()) return true;
  const bool whole = TakeChecksums(checksums->second, footer);
  footer.metadata.erase(checksums);
  return whole;
}

void TakeDetailOfV1(int16_t id, int64_t number, PageHeader& header) {
  constexpr int64_t kBitPacked = 4;
  if (id == 2) header.encoding = NameOf<Encoding>(number);
  if (id == 3) header.packed_definition = number == kBitPacked;
  if (id == 4) header.packed_repetition = number == kBitPacked;
}

void TakeDetailOfV2(int16_t id, int64_t number, PageHeader& header) {
  if (id == 4) header.encoding = NameOf<Encoding>(number);
  if (id == 5) header.definition_bytes = Unsigned(number);
  if (id == 6) header.repetition_bytes = Unsigned(number);
}

// What the header of a data or dictionary page says of its values.
void ReadPageDetails(CompactReader& in, PageHeader& header) {
  const bool v2 = header.type == PageType::kDataV2;
  in.Struct([&](int16_t id, Compact type) {
    if (v2 && id == 7) header.is_compressed = type == Compact::kTrue;
    if (!IsInteger(type)) return in.Skip(type);
    const int64_t number = in.Integer();
    if (id == 1) {
      header.values = Unsigned(number);
    } else if (v2) {
      TakeDetailOfV2(id, number, header);
    } else {
      TakeDetailOfV1(id, number, header);
    }
  });
}

void TakePageNumber(int16_t id, int64_t number, PageHeader& header) {
  if (id == 1) header.type = NameOf<PageType>(number);
  if (id == 2) header.uncompressed_bytes = Unsigned(number);
  if (id == 3) header.compressed_bytes = Unsigned(number);
  if (id == 4) header.crc = static_cast<uint32_t>(number);
}

// The lists of a column index, one element a page.
struct ColumnIndexLists {
  std::vector<bool> null_pages;
  std::vector<std::string> minima, maxima;
  std::vector<uint64_t> null_counts;

  bool Fit() const {
    const size_t pages = null_pages.size();
    return minima.size() == pages && maxima.size() == pages &&
           (null_counts.empty() || null_counts.size() == pages);
  }
};

void ReadIndexElement(int16_t id, Compact element, CompactReader& in, ColumnIndexLists& lists) {
  const bool flag = element == Compact::kTrue || element == Compact::kFalse;
  if (id == 1 && flag) {
    lists.null_pages.push_back(in.BoolElement());
  } else if ((id == 2 || id == 3) && element == Compact::kBinary) {
    (id == 2 ? lists.minima : lists.maxima).emplace_back(in.Binary());
  } else if (id == 5 && IsInteger(element)) {
    lists.null_counts.push_back(Count(in));
  } else {
    in.Skip(element);
  }
}

}  // namespace

base::Result<FileFooter> DecodeFooter(std::string_view bytes) {
  FileFooter footer;
  bool whole_schema = false;
  bool encrypted = false;
  CompactReader in(bytes);
  in.Struct([&](int16_t id, Compact type) {
    encrypted = encrypted || id == 8;
    if (id == 2 && type == Compact::kList) {
      whole_schema = ReadSchema(in, footer.fields);
    } else if (id == 3 && IsInteger(type)) {
      footer.rows = Count(in);
    } else if (type == Compact::kList) {
      ReadFooterList(id, in, footer);
    } else if (id == 6 && type == Compact::kBinary) {
      footer.created_by = in.Binary();
    } else {
      in.Skip(type);
    }
  });
  if (encrypted) {
    return base::Error{base::ErrorCode::kUnsupported, "the Parquet file is encrypted"};
  }
  if (in.failed() || !whole_schema || !TakeOwnMetadata(footer)) return Damaged("the footer");
  return footer;
}

base::Result<std::pair<PageHeader, size_t>> DecodePageHeader(std::string_view bytes) {
  PageHeader header;
  CompactReader in(bytes);
  in.Struct([&](int16_t id, Compact type) {
    if (IsInteger(type)) {
      TakePageNumber(id, in.Integer(), header);
    } else if ((id == 5 || id == 7 || id == 8) && type == Compact::kStruct) {
      ReadPageDetails(in, header);
    } else {
      in.Skip(type);
    }
  });
  if (in.failed()) return Damaged("a page header");
  return std::pair(header, bytes.size() - in.rest().size());
}

base::Result<std::vector<PageOffset>> DecodeOffsetIndex(std::string_view bytes) {
  std::vector<PageOffset> pages;
  CompactReader in(bytes);
  const auto read_page = [&](Compact element) {
    if (element != Compact::kStruct) return in.Skip(element);
    PageOffset& page = pages.emplace_back();
    in.Struct([&](int16_t id, Compact type) {
      if (!IsInteger(type)) return in.Skip(type);
      const uint64_t number = Count(in);
      if (id == 1) page.offset = number;
      if (id == 2) page.size = static_cast<uint32_t>(number);
      if (id == 3) page.first_row = number;
    });
  };
  in.Struct([&](int16_t id, Compact type) {
    if (id != 1 || type != Compact::kList) return in.Skip(type);
    in.List(read_page);
  });
  if (in.failed()) return Damaged("an offset index");
  return pages;
}

base::Result<std::vector<Statistics>> DecodeColumnIndex(std::string_view bytes) {
  ColumnIndexLists lists;
  CompactReader in(bytes);
  in.Struct([&](int16_t id, Compact type) {
    if (type != Compact::kList) return in.Skip(type);
    in.List([&](Compact element) { ReadIndexElement(id, element, in, lists); });
  });
  if (in.failed() || !lists.Fit()) return Damaged("a column index");
  std::vector<Statistics> statistics(lists.null_pages.size());
  for (size_t i = 0; i < statistics.size(); ++i) {
    if (!lists.null_counts.empty()) statistics[i].null_count = lists.null_counts[i];
    if (lists.null_pages[i]) continue;
    statistics[i].min = std::move(lists.minima[i]);
    statistics[i].max = std::move(lists.maxima[i]);
    // A column index does not tell whether they were cut.
    statistics[i].min_exact = statistics[i].max_exact = false;
  }
  return statistics;
}

base::Result<BloomFilterHeader> DecodeBloomFilterHeader(std::string_view bytes) {
  BloomFilterHeader header;
  bool known = true;
  CompactReader in(bytes);
  in.Struct([&](int16_t id, Compact type) {
    if (id == 1 && IsInteger(type)) {
      header.bitset_bytes = Count(in);
    } else if (id >= 2 && id <= 4 && type == Compact::kStruct) {
      in.Struct([&](int16_t choice, Compact choice_type) {
        known = known && choice == 1;
        in.Skip(choice_type);
      });
    } else {
      in.Skip(type);
    }
  });
  if (in.failed()) return Damaged("a Bloom filter");
  if (!known) {
    return base::Error{base::ErrorCode::kUnsupported, "a Bloom filter is of an unknown kind"};
  }
  header.header_bytes = bytes.size() - in.rest().size();
  return header;
}

}  // namespace clew::parquet
