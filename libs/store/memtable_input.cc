// SPDX-License-Identifier: Apache-2.0
#include "store/memtable_input.h"

#include <algorithm>
#include <array>
#include <bit>
#include <set>
#include <utility>

#include "base/check.h"
#include "store/array_value.h"
#include "store/each_present.h"
#include "store/row_reader.h"
#include "wire/otlp_writer.h"

namespace clew::store {
namespace {

using parquet::ColumnChunk;
using Type = model::ValueView::Type;

std::string_view BytesOf(const auto& id) {
  return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()};
}

// All that is known of a span, with its resource and scope.
std::string ContentsOf(RowReader& reader, uint32_t row) {
  wire::OtlpWriter writer;
  reader.Read(row, std::nullopt, writer);
  return writer.Take();
}

BlockOrder OrderOf(const Memtable& memtable) {
  std::vector<OrderSpan> spans(memtable.published_rows());
  for (uint32_t i = 0; i < spans.size(); ++i) {
    const SpanRow& row = memtable.row(i);
    spans[i] = {.trace_id = memtable.trace_id(i),
                .span = {.span_id = row.span_id,
                         .parent_span_id = row.parent_span_id,
                         .start_unix_nano = row.start_unix_nano,
                         .kind = static_cast<model::SpanKind>(memtable.traits_of(row).kind)}};
  }
  std::optional<RowReader> reader;  // once there is something to compare
  return OrderRows(spans, [&](uint32_t a, uint32_t b) {
    if (!reader) reader.emplace(memtable);
    return ContentsOf(*reader, a) < ContentsOf(*reader, b);
  });
}

std::vector<uint64_t> CountOrigins(const Memtable& memtable, size_t origins,
                                   uint32_t SpanTraits::* origin) {
  std::vector<uint64_t> spans(origins);
  for (uint32_t i = 0; i < memtable.published_rows(); ++i)
    ++spans[memtable.traits_of(memtable.row(i)).*origin];
  return spans;
}

// Levels of a column of elements whose attribute may be absent: `levels` has 2 where
// there is an element; the result 3 where it has a value.
parquet::Levels WithValues(parquet::Levels levels, const std::vector<uint8_t>& present) {
  size_t element = 0;
  for (uint8_t& level : levels.definition) {
    if (level == 2) level = static_cast<uint8_t>(2 + present[element++]);
  }
  return levels;
}

}  // namespace

MemtableInput::MemtableInput(const Memtable& memtable)
    : memtable_(memtable),
      order_(OrderOf(memtable)),
      spans_of_resource_(CountOrigins(memtable, memtable.resource_count(), &SpanTraits::resource)),
      spans_of_scope_(CountOrigins(memtable, memtable.scope_count(), &SpanTraits::scope)),
      array_types_(memtable.dictionary().size()),
      coded_(memtable.dictionary()),
      rows_(memtable) {
  for (const AttributeScope scope : kAttributeScopes) {
    for (size_t i = 0; i < AttributesOf(memtable, scope).column_count(); ++i) {
      const Place place{scope, i};
      std::vector<AttributeCount> counts;
      CountAttributes(place, counts);
      for (AttributeCount& count : counts) places_.emplace(std::move(count.attribute), place);
    }
  }
}

std::optional<ColumnType> MemtableInput::ArrayTypeOfCode(uint32_t code) const {
  uint8_t& known = array_types_[code];
  if (known == 0) {
    const std::optional<ColumnType> type = ArrayTypeOf(memtable_.dictionary()[code]);
    known = type ? static_cast<uint8_t>(static_cast<uint8_t>(*type) + 2) : 1;
  }
  if (known == 1) return std::nullopt;
  return static_cast<ColumnType>(known - 2);
}

std::optional<ColumnType> MemtableInput::TypeOf(Type type, uint64_t value) const {
  switch (type) {
    case Type::kString:
      return ColumnType::kString;
    case Type::kBool:
      return ColumnType::kBool;
    case Type::kInt:
      return ColumnType::kInt;
    case Type::kDouble:
      return ColumnType::kDouble;
    case Type::kArray:
      return ArrayTypeOfCode(static_cast<uint32_t>(value));
    case Type::kEmpty:
    case Type::kKeyValueList:
    case Type::kBytes:
      return std::nullopt;
  }
  return std::nullopt;
}

uint64_t MemtableInput::SpansWith(AttributeScope scope, uint32_t owner) const {
  if (scope == AttributeScope::kResource) return spans_of_resource_[owner];
  if (scope == AttributeScope::kScope) return spans_of_scope_[owner];
  return 1;
}

void MemtableInput::CountAttributes(Place place, std::vector<AttributeCount>& counts) const {
  const AttributeColumn& column = ColumnAt(place);
  std::map<ColumnType, uint64_t> by_type;
  const bool elements =
      place.scope == AttributeScope::kEvent || place.scope == AttributeScope::kLink;
  const bool arrays = column.type() == Type::kArray;
  if (elements && arrays) return;  // A list of lists is no column that people can query.
  if (!arrays && place.scope == AttributeScope::kSpan) {
    const std::optional<ColumnType> type = TypeOf(column.type(), 0);
    if (type) by_type[*type] = column.entry_count();
  } else {
    column.ForEach(UINT32_MAX, [&](uint32_t owner, uint64_t value) {
      const std::optional<ColumnType> type = TypeOf(column.type(), value);
      if (type) by_type[*type] += SpansWith(place.scope, owner);
    });
  }
  const std::string key(memtable_.dictionary()[column.key()]);
  for (const auto& [type, count] : by_type) {
    if (count > 0) counts.push_back({{.scope = place.scope, .key = key, .type = type}, count});
  }
}

std::vector<AttributeCount> MemtableInput::attributes() const {
  std::vector<AttributeCount> counts;
  for (const AttributeScope scope : kAttributeScopes) {
    for (size_t i = 0; i < AttributesOf(memtable_, scope).column_count(); ++i) {
      CountAttributes({scope, i}, counts);
    }
  }
  return counts;
}

void MemtableInput::SetColumns(const std::vector<BlockColumn>& columns) {
  std::set<AttributeColumnKey> chosen;
  for (const BlockColumn& column : columns) {
    if (const auto* attribute = std::get_if<AttributeColumnKey>(&column.holds)) {
      chosen.insert(*attribute);
    }
  }
  const auto has_column = [&](AttributeScope scope, const AttributeColumn& column) {
    const std::string key(memtable_.dictionary()[column.key()]);
    return [&, scope, key](ColumnType type) {
      return chosen.contains({.scope = scope, .key = key, .type = type});
    };
  };
  others_.emplace(memtable_, [&](AttributeScope scope, const AttributeColumn& column) {
    const auto has = has_column(scope, column);
    if (column.type() != Type::kArray) {
      const std::optional<ColumnType> type = TypeOf(column.type(), 0);
      return MemtableOthers::Covered(type && has(*type));
    }
    std::array<bool, kColumnTypes> of_types{};
    for (size_t i = 0; i < kColumnTypes; ++i) of_types[i] = has(static_cast<ColumnType>(i));
    return MemtableOthers::Covered([this, of_types](uint64_t value) {
      const std::optional<ColumnType> type = ArrayTypeOfCode(static_cast<uint32_t>(value));
      return type && of_types[static_cast<size_t>(*type)];
    });
  });
}

void MemtableInput::TakeInHand(RowRange rows) {
  if (rows == range_) return;
  range_ = rows;
  rows_.Take(std::span(order_.rows).subspan(rows.first, rows.count));
}

base::Result<ColumnChunk> MemtableInput::Read(const BlockColumn& column, RowRange rows) {
  TakeInHand(rows);
  ColumnChunk chunk;
  if (const Intrinsic* intrinsic = std::get_if<Intrinsic>(&column.holds)) {
    chunk = ReadIntrinsic(*intrinsic);
  } else {
    chunk = ReadAttribute(std::get<AttributeColumnKey>(column.holds));
  }
  chunk.bloom_filter = column.bloom_filter;
  return chunk;
}

parquet::ByteArrays MemtableInput::TextsOf(std::span<const uint32_t> codes) const {
  parquet::ByteArrays texts;
  for (const uint32_t code : codes) texts.push_back(memtable_.dictionary()[code]);
  return texts;
}

template <typename CodeOf>
ColumnChunk MemtableInput::GroupedTexts(const Groups& groups, CodeOf code_of) const {
  GroupedColumn<uint32_t> column = GroupColumn<uint32_t>(groups, [&](uint32_t group) {
    const uint32_t code = code_of(group);
    return code == 0 ? std::nullopt : std::optional(code);
  });
  return {.levels = {.definition = std::move(column.definition), .repetition = {}},
          .values = parquet::CodedValues{.dictionary = TextsOf(column.distinct),
                                         .codes = std::move(column.codes)}};
}

template <typename Number, typename NumberOf>
ColumnChunk MemtableInput::GroupedNumbers(const Groups& groups, NumberOf number_of) const {
  GroupedColumn<Number> column = GroupColumn<Number>(
      groups, [&](uint32_t group) { return std::optional(static_cast<Number>(number_of(group))); });
  return {.values = parquet::CodedValues{.dictionary = std::move(column.distinct),
                                         .codes = std::move(column.codes)}};
}

ColumnChunk MemtableInput::ReadParentRows() const {
  ColumnChunk chunk;
  std::vector<int32_t> parents;
  for (const OrderedRow& row : rows_.rows()) {
    const bool present = row.parent_row != TreeNode::kNoParent;
    chunk.levels.definition.push_back(present);
    if (present) parents.push_back(static_cast<int32_t>(row.parent_row));
  }
  chunk.values = parquet::Values(std::move(parents));
  return chunk;
}

// Null where the parent is the span in parent_row, or there is none at all.
ColumnChunk MemtableInput::ReadParentIds() const {
  ColumnChunk chunk;
  parquet::ByteArrays ids;
  for (size_t i = 0; i < rows_.size(); ++i) {
    const OrderedRow& row = rows_.rows()[i];
    const model::SpanId& named = rows_.spans()[i].parent_span_id;
    model::SpanId told;
    if (row.parent_row != TreeNode::kNoParent) {
      const size_t trace = range_.first + i - row.row_in_trace;
      told = memtable_.row(order_.rows[trace + row.parent_row].source).span_id;
    }
    chunk.levels.definition.push_back(named != told);
    if (named != told) ids.push_back(BytesOf(named));
  }
  chunk.values = parquet::Values(std::move(ids));
  return chunk;
}

ColumnChunk MemtableInput::ReadTraceIds() const {
  // Rows of a trace are neighbours, so a new id is a new code.
  parquet::CodedValues coded;
  parquet::ByteArrays ids;
  for (const OrderedRow& row : rows_.rows()) {
    if (ids.size() == 0 || row.row_in_trace == 0)
      ids.push_back(BytesOf(memtable_.trace_id(row.source)));
    coded.codes.push_back(static_cast<uint32_t>(ids.size() - 1));
  }
  coded.dictionary = std::move(ids);
  return {.values = std::move(coded)};
}

ColumnChunk MemtableInput::ReadSpanIds() const {
  parquet::ByteArrays ids;
  ids.Reserve(rows_.size(), 8 * rows_.size());
  for (const SpanRow& span : rows_.spans()) ids.push_back(BytesOf(span.span_id));
  return {.values = parquet::Values(std::move(ids))};
}

ColumnChunk MemtableInput::ReadIntrinsic(Intrinsic intrinsic) {
  const auto of_spans = [&]<typename Number>(Number, auto read) -> ColumnChunk {
    std::vector<Number> numbers;
    numbers.reserve(rows_.size());
    for (const SpanRow& span : rows_.spans()) numbers.push_back(static_cast<Number>(read(span)));
    return {.values = CodeNumbers(std::move(numbers))};
  };
  const auto of_rows = [&](uint32_t OrderedRow::* field) -> ColumnChunk {
    std::vector<int32_t> numbers;
    numbers.reserve(rows_.size());
    for (const OrderedRow& row : rows_.rows()) numbers.push_back(static_cast<int32_t>(row.*field));
    return {.values = CodeNumbers(std::move(numbers))};
  };
  switch (intrinsic) {
    case Intrinsic::kTraceId:
      return ReadTraceIds();
    case Intrinsic::kSpanId:
      return ReadSpanIds();
    case Intrinsic::kParentSpanId:
      return ReadParentIds();
    case Intrinsic::kStartUnixNano:
      return of_spans(int64_t{}, [](const SpanRow& span) { return span.start_unix_nano; });
    case Intrinsic::kDurationNano:
      return of_spans(int64_t{}, [](const SpanRow& span) {
        return static_cast<uint64_t>(span.end_unix_nano) -
               static_cast<uint64_t>(span.start_unix_nano);
      });
    case Intrinsic::kName:
      for (const SpanRow& span : rows_.spans()) coded_.Add(span.name);
      return {.values = coded_.Take()};
    case Intrinsic::kRowInTrace:
      return of_rows(&OrderedRow::row_in_trace);
    case Intrinsic::kParentRow:
      return ReadParentRows();
    case Intrinsic::kSubtreeRows:
      return of_rows(&OrderedRow::subtree_rows);
    default:
      return ScopeOf(intrinsic) == AttributeScope::kSpan ? ReadTraits(intrinsic)
                                                         : ReadElement(intrinsic);
  }
}

ColumnChunk MemtableInput::ReadTraits(Intrinsic intrinsic) {
  const auto numbers = [&]<typename Number>(Number, auto field) {
    return GroupedNumbers<Number>(
        rows_.traits(), [this, field](uint32_t number) { return memtable_.traits(number).*field; });
  };
  const auto texts = [&](uint32_t SpanTraits::* field) {
    return GroupedTexts(rows_.traits(),
                        [this, field](uint32_t number) { return memtable_.traits(number).*field; });
  };
  switch (intrinsic) {
    case Intrinsic::kKind:
      return numbers(int32_t{}, &SpanTraits::kind);
    case Intrinsic::kStatusCode:
      return numbers(int32_t{}, &SpanTraits::status_code);
    case Intrinsic::kStatusMessage:
      return texts(&SpanTraits::status_message);
    case Intrinsic::kTraceState:
      return texts(&SpanTraits::trace_state);
    case Intrinsic::kFlags:
      return numbers(int64_t{}, &SpanTraits::flags);
    case Intrinsic::kDroppedAttributesCount:
      return numbers(int64_t{}, &SpanTraits::dropped_attributes_count);
    case Intrinsic::kDroppedEventsCount:
      return numbers(int64_t{}, &SpanTraits::dropped_events_count);
    case Intrinsic::kDroppedLinksCount:
      return numbers(int64_t{}, &SpanTraits::dropped_links_count);
    default:
      return ReadOrigin(intrinsic);
  }
}

ColumnChunk MemtableInput::ReadOrigin(Intrinsic intrinsic) {
  const auto of_resources = [&](uint32_t Origin::* field) {
    return [this, field](uint32_t number) { return memtable_.resource(number).*field; };
  };
  const auto of_scopes = [&](uint32_t Origin::* field) {
    return [this, field](uint32_t number) { return memtable_.scope(number).*field; };
  };
  switch (intrinsic) {
    case Intrinsic::kResourceSchemaUrl:
      return GroupedTexts(rows_.resources(), of_resources(&Origin::schema_url));
    case Intrinsic::kResourceDroppedAttributesCount:
      return GroupedNumbers<int64_t>(rows_.resources(),
                                     of_resources(&Origin::dropped_attributes_count));
    case Intrinsic::kScopeName:
      return GroupedTexts(rows_.scopes(), of_scopes(&Origin::name));
    case Intrinsic::kScopeVersion:
      return GroupedTexts(rows_.scopes(), of_scopes(&Origin::version));
    case Intrinsic::kScopeSchemaUrl:
      return GroupedTexts(rows_.scopes(), of_scopes(&Origin::schema_url));
    default:
      CHECK(intrinsic == Intrinsic::kScopeDroppedAttributesCount);
      return GroupedNumbers<int64_t>(rows_.scopes(), of_scopes(&Origin::dropped_attributes_count));
  }
}

ColumnChunk MemtableInput::ReadElement(Intrinsic intrinsic) {
  const MemtableRows::Elements& elements = rows_.elements(ScopeOf(intrinsic));
  const auto numbers = [&](auto read) {
    std::vector<int64_t> values;
    values.reserve(elements.indexes.size());
    for (const uint32_t index : elements.indexes) values.push_back(int64_t{read(index)});
    return CodeNumbers(std::move(values));
  };
  const auto strings = [&](auto read) {
    for (const uint32_t index : elements.indexes) coded_.Add(read(index));
    return coded_.Take();
  };
  const auto ids = [&](auto read) {
    parquet::ByteArrays values;
    for (const uint32_t index : elements.indexes) values.push_back(BytesOf(read(index)));
    return parquet::Values(std::move(values));
  };
  ColumnChunk chunk;
  chunk.levels = WithValues(elements.levels, std::vector<uint8_t>(elements.indexes.size(), 1));
  switch (intrinsic) {
    case Intrinsic::kEventTime:
      chunk.values = numbers([&](uint32_t i) { return memtable_.event(i).time_unix_nano; });
      break;
    case Intrinsic::kEventName:
      chunk.values = strings([&](uint32_t i) { return memtable_.event(i).name; });
      break;
    case Intrinsic::kEventDropped:
      chunk.values =
          numbers([&](uint32_t i) { return memtable_.event(i).dropped_attributes_count; });
      break;
    case Intrinsic::kLinkTraceId:
      chunk.values = ids([&](uint32_t i) { return memtable_.link(i).trace_id; });
      break;
    case Intrinsic::kLinkSpanId:
      chunk.values = ids([&](uint32_t i) { return memtable_.link(i).span_id; });
      break;
    case Intrinsic::kLinkTraceState:
      chunk.values = strings([&](uint32_t i) { return memtable_.link(i).trace_state; });
      break;
    case Intrinsic::kLinkFlags:
      chunk.values = numbers([&](uint32_t i) { return memtable_.link(i).flags; });
      break;
    default:
      CHECK(intrinsic == Intrinsic::kLinkDropped);
      chunk.values =
          numbers([&](uint32_t i) { return memtable_.link(i).dropped_attributes_count; });
      break;
  }
  return chunk;
}

ColumnChunk MemtableInput::ReadAttribute(const AttributeColumnKey& attribute) {
  const Place place = places_.at(attribute);
  const bool of_origin =
      place.scope == AttributeScope::kResource || place.scope == AttributeScope::kScope;
  if (of_origin) return ReadOriginAttribute(place, attribute.type);
  // Events and links have no columns of arrays.
  if (IsArray(attribute.type)) {
    return ReadArrays(rows_.GatherTexts(place.scope, ColumnAt(place)), attribute.type);
  }
  ColumnChunk chunk =
      attribute.type == ColumnType::kString ? ReadTexts(place) : ReadNumbers(place, attribute.type);
  if (place.scope != AttributeScope::kSpan) {
    chunk.levels = WithValues(rows_.elements(place.scope).levels, chunk.levels.definition);
  }
  return chunk;
}

// Values of numbers, given by their bits.
parquet::Values ValuesOfBits(ColumnType type, const auto& for_each_value) {
  if (type == ColumnType::kInt) {
    std::vector<int64_t> numbers;
    for_each_value([&](uint64_t value) { numbers.push_back(static_cast<int64_t>(value)); });
    return numbers;
  }
  if (type == ColumnType::kDouble) {
    std::vector<double> numbers;
    for_each_value([&](uint64_t value) { numbers.push_back(std::bit_cast<double>(value)); });
    return numbers;
  }
  parquet::Booleans booleans;
  for_each_value([&](uint64_t value) { booleans.values.push_back(value != 0); });
  return booleans;
}

// An attribute of resources or scopes: few values for many rows.
ColumnChunk MemtableInput::ReadOriginAttribute(Place place, ColumnType type) const {
  const bool of_resources = place.scope == AttributeScope::kResource;
  const Groups groups = of_resources ? rows_.resources() : rows_.scopes();
  const AttributeColumn& column = ColumnAt(place);
  GroupedColumn<uint64_t> grouped =
      GroupColumn<uint64_t>(groups, [&](uint32_t origin) { return column.Find(origin); });
  const auto code_at = [&](size_t value) { return static_cast<uint32_t>(grouped.distinct[value]); };
  if (IsArray(type)) {
    std::vector<uint32_t> codes(groups.of_rows.size(), MemtableRows::kNowhere);
    size_t next = 0;
    for (size_t row = 0; row < codes.size(); ++row) {
      if (grouped.definition[row] != 0) codes[row] = code_at(grouped.codes[next++]);
    }
    return ReadArrays(codes, type);
  }
  ColumnChunk chunk;
  chunk.levels.definition = std::move(grouped.definition);
  if (type == ColumnType::kString) {
    parquet::ByteArrays texts;
    for (size_t i = 0; i < grouped.distinct.size(); ++i) {
      texts.push_back(memtable_.dictionary()[code_at(i)]);
    }
    chunk.values =
        parquet::CodedValues{.dictionary = std::move(texts), .codes = std::move(grouped.codes)};
  } else if (type == ColumnType::kBool) {
    chunk.values = ValuesOfBits(type, [&](auto visit) {
      for (const uint32_t code : grouped.codes) visit(grouped.distinct[code]);
    });
  } else {
    chunk.values = parquet::CodedValues{
        .dictionary = ValuesOfBits(type,
                                   [&](auto visit) {
                                     for (const uint64_t value : grouped.distinct) {
                                       visit(value);
                                     }
                                   }),
        .codes = std::move(grouped.codes)};
  }
  return chunk;
}

ColumnChunk MemtableInput::ReadTexts(Place place) {
  const std::vector<uint32_t> codes = rows_.GatherTexts(place.scope, ColumnAt(place));
  ColumnChunk chunk;
  chunk.levels.definition.resize(codes.size());
  for (size_t i = 0; i < codes.size(); ++i) {
    chunk.levels.definition[i] = codes[i] != MemtableRows::kNowhere;
  }
  ForEachPresent(chunk.levels.definition, [&](size_t i) { coded_.Add(codes[i]); });
  chunk.values = coded_.Take();
  return chunk;
}

ColumnChunk MemtableInput::ReadNumbers(Place place, ColumnType type) const {
  MemtableRows::Numbers numbers = rows_.GatherNumbers(place.scope, ColumnAt(place));
  parquet::Values values = ValuesOfBits(type, [&](auto visit) {
    ForEachPresent(numbers.present, [&](size_t i) { visit(numbers.values[i]); });
  });
  ColumnChunk chunk;
  chunk.levels.definition = std::move(numbers.present);
  if (type == ColumnType::kInt) {
    chunk.values = CodeNumbers(std::get<std::vector<int64_t>>(std::move(values)));
  } else {
    chunk.values = std::move(values);
  }
  return chunk;
}

// Appends an element of an array to values of its type.
void AppendElement(const model::ValueView& element, parquet::Values& values) {
  if (auto* strings = std::get_if<parquet::ByteArrays>(&values)) {
    strings->push_back(element.text);
  } else if (auto* integers = std::get_if<std::vector<int64_t>>(&values)) {
    integers->push_back(element.integer);
  } else if (auto* doubles = std::get_if<std::vector<double>>(&values)) {
    doubles->push_back(element.number);
  } else {
    std::get<parquet::Booleans>(values).values.push_back(element.boolean);
  }
}

parquet::Type ElementTypeOf(ColumnType array) {
  if (array == ColumnType::kStringArray) return parquet::Type::kByteArray;
  if (array == ColumnType::kIntArray) return parquet::Type::kInt64;
  return array == ColumnType::kDoubleArray ? parquet::Type::kDouble : parquet::Type::kBoolean;
}

ColumnChunk MemtableInput::ReadArrays(std::span<const uint32_t> codes, ColumnType type) const {
  ColumnChunk chunk;
  parquet::Values values = parquet::EmptyValues(ElementTypeOf(type));
  for (const uint32_t code : codes) {
    if (code == MemtableRows::kNowhere || ArrayTypeOfCode(code) != type) {
      chunk.levels.definition.push_back(0);
      chunk.levels.repetition.push_back(0);
      continue;
    }
    uint8_t repetition = 0;
    for (const model::ValueView& element : ElementsOf(memtable_.dictionary()[code])) {
      chunk.levels.definition.push_back(3);
      chunk.levels.repetition.push_back(std::exchange(repetition, uint8_t{1}));
      AppendElement(element, values);
    }
  }
  chunk.values = std::move(values);
  return chunk;
}

base::Result<BlockInput::Others> MemtableInput::ReadOthers(RowRange rows) {
  TakeInHand(rows);
  return others_->Of(rows_);
}

}  // namespace clew::store
