// SPDX-License-Identifier: Apache-2.0
// A footer says what each column takes. Whose it is can only be said of rows, so services get a
// share of each block by their spans in it, which the rows of traces.parquet count.
#include "cost_report.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "store/block.h"
#include "text_table.h"
#include "wire/json_writer.h"

namespace clew {
namespace {

constexpr uint64_t kTracesAtOnce = 4096;

// "span.http.method", whatever type the values of a column have.
std::string NameOf(const store::BlockColumn& column) {
  const auto* const attribute = std::get_if<store::AttributeColumnKey>(&column.holds);
  if (attribute == nullptr) return column.name;
  return std::string(store::ScopeName(attribute->scope)) + "." + attribute->key;
}

class Measure {
 public:
  base::Status Add(objects::ObjectStore& objects, const store::CatalogBlock& catalog) {
    const store::Block block(objects, store::DescriptionOf(catalog));
    const store::Block::Spans spans = TRY(block.OpenSpans());
    const std::map<std::string, uint64_t> services = TRY(ServicesOf(block));
    AddColumns(catalog, spans, block.description().spans_bytes);
    AddServices(catalog, services);
    ++cost_.blocks;
    cost_.spans += catalog.spans;
    cost_.bytes += catalog.size_bytes();
    return {};
  }
  void NoteGone() { ++cost_.gone_blocks; }

  StorageCost Take() {
    for (const auto& [name, bytes] : columns_) cost_.columns.push_back({name, bytes});
    for (const auto& [name, service] : services_) cost_.services.push_back(service);
    const auto larger = [](const auto& one, const auto& other) {
      return std::tie(other.bytes, one.name) < std::tie(one.bytes, other.name);
    };
    std::ranges::sort(cost_.columns, larger);
    std::ranges::sort(cost_.services, larger);
    return std::move(cost_);
  }

 private:
  static base::Result<std::map<std::string, uint64_t>> ServicesOf(const store::Block& block) {
    std::map<std::string, uint64_t> spans;
    const uint64_t traces = block.description().traces;
    for (uint64_t first = 0; first < traces; first += kTracesAtOnce) {
      const auto rows = TRY(block.ReadTraces(first, std::min(kTracesAtOnce, traces - first)));
      for (const store::TraceRow& row : rows) {
        for (const store::ServiceCount& one : row.services) spans[one.service] += one.spans;
      }
    }
    return spans;
  }

  // What of a file is in no column: filters, indexes of pages, and the footer.
  void AddColumns(const store::CatalogBlock& catalog, const store::Block::Spans& spans,
                  uint64_t of_file) {
    const parquet::FileReader& file = spans.file();
    uint64_t of_columns = 0;
    for (size_t i = 0; i < file.schema().columns().size(); ++i) {
      // The last of the columns, `others`, is two of Parquet's.
      const std::string name = NameOf(spans.columns[std::min(i, spans.columns.size() - 1)]);
      for (size_t group = 0; group < file.row_group_count(); ++group) {
        const uint64_t bytes = file.chunk(group, i).compressed_bytes;
        columns_[name] += bytes;
        of_columns += bytes;
      }
    }
    columns_["(filters, page indexes and footer)"] += of_file - std::min(of_file, of_columns);
    for (const store::CatalogObject& object : catalog.objects) {
      if (object.name != "spans.parquet") columns_["(" + object.name + ")"] += object.size_bytes;
    }
  }

  void AddServices(const store::CatalogBlock& catalog,
                   const std::map<std::string, uint64_t>& services) {
    uint64_t all = 0;
    for (const auto& [name, spans] : services) all += spans;
    for (const auto& [name, spans] : services) {
      const std::string shown = name.empty() ? "(without a name)" : name;
      StorageCost::Service& service = services_[shown];
      service.name = shown;
      service.spans += spans;
      service.bytes += static_cast<double>(catalog.size_bytes()) * static_cast<double>(spans) /
                       static_cast<double>(all);
    }
  }

  StorageCost cost_;
  std::map<std::string, uint64_t> columns_;
  std::map<std::string, StorageCost::Service> services_;
};

double ShareOf(double part, uint64_t whole) {
  return whole == 0 ? 0 : part / static_cast<double>(whole);
}

std::string Percent(double share) {
  return FormatFixed(100 * share, 1) + " %";
}

// The entries of a list of which some are left out: how many, and what these take.
template <typename Entry>
std::pair<size_t, double> RestOf(const std::vector<Entry>& entries, size_t top) {
  double bytes = 0;
  for (size_t i = top; i < entries.size(); ++i) bytes += static_cast<double>(entries[i].bytes);
  return {entries.size() - std::min(top, entries.size()), bytes};
}

template <typename Entry>
void WriteRest(wire::JsonWriter& out, std::string_view key, const std::vector<Entry>& entries,
               size_t top) {
  const auto [count, bytes] = RestOf(entries, top);
  out.Key(key);
  out.BeginObject();
  out.NumberMember("count", count);
  out.NumberMember("bytes", static_cast<uint64_t>(bytes));
  out.EndObject();
}

std::string CostAsJson(const StorageCost& cost, size_t top) {
  wire::JsonWriter out;
  out.BeginObject();
  out.NumberMember("blocks", cost.blocks);
  out.NumberMember("goneBlocks", cost.gone_blocks);
  out.NumberMember("spans", cost.spans);
  out.NumberMember("bytes", cost.bytes);
  const auto entry = [&](const std::string& name, double bytes) {
    out.Key("name");
    out.String(name);
    out.NumberMember("bytes", static_cast<uint64_t>(bytes));
    out.Key("share");
    out.Number(ShareOf(bytes, cost.bytes));
  };
  out.Key("columns");
  out.BeginArray();
  for (size_t i = 0; i < std::min(top, cost.columns.size()); ++i) {
    out.BeginObject();
    entry(cost.columns[i].name, static_cast<double>(cost.columns[i].bytes));
    out.EndObject();
  }
  out.EndArray();
  WriteRest(out, "otherColumns", cost.columns, top);
  out.Key("services");
  out.BeginArray();
  for (size_t i = 0; i < std::min(top, cost.services.size()); ++i) {
    out.BeginObject();
    entry(cost.services[i].name, cost.services[i].bytes);
    out.NumberMember("spans", cost.services[i].spans);
    out.EndObject();
  }
  out.EndArray();
  WriteRest(out, "otherServices", cost.services, top);
  out.EndObject();
  return out.Take() + "\n";
}

std::string CostAsText(const StorageCost& cost, size_t top) {
  using Align = TextTable::Align;
  const auto cells = [&](std::string name, double bytes) {
    return std::vector<std::string>{std::move(name), FormatBytes(static_cast<uint64_t>(bytes)),
                                    Percent(ShareOf(bytes, cost.bytes)),
                                    FormatFixed(ShareOf(bytes, cost.spans), 2)};
  };
  const auto rest_name = [](size_t count, const char* what) {
    return "(" + std::to_string(count) + " other " + what + ")";
  };
  TextTable columns({{"column"},
                     {"size", Align::kRight},
                     {"share", Align::kRight},
                     {"bytes/span", Align::kRight}});
  for (size_t i = 0; i < std::min(top, cost.columns.size()); ++i) {
    columns.AddRow(cells(cost.columns[i].name, static_cast<double>(cost.columns[i].bytes)));
  }
  const auto other_columns = RestOf(cost.columns, top);
  if (other_columns.first > 0) {
    columns.AddRow(cells(rest_name(other_columns.first, "columns"), other_columns.second));
  }
  TextTable services(
      {{"service"}, {"size", Align::kRight}, {"share", Align::kRight}, {"spans", Align::kRight}});
  for (size_t i = 0; i < std::min(top, cost.services.size()); ++i) {
    const StorageCost::Service& one = cost.services[i];
    services.AddRow({one.name, FormatBytes(static_cast<uint64_t>(one.bytes)),
                     Percent(ShareOf(one.bytes, cost.bytes)), std::to_string(one.spans)});
  }
  const auto other_services = RestOf(cost.services, top);
  if (other_services.first > 0) {
    services.AddRow({rest_name(other_services.first, "services"),
                     FormatBytes(static_cast<uint64_t>(other_services.second)),
                     Percent(ShareOf(other_services.second, cost.bytes)), ""});
  }
  return std::to_string(cost.blocks) + " blocks, " + std::to_string(cost.spans) + " spans, " +
         FormatBytes(cost.bytes) + "\n\n" + columns.Format() +
         "\nEach block shared out among services by their spans:\n" + services.Format();
}

}  // namespace

base::Result<StorageCost> MeasureCost(objects::ObjectStore& objects,
                                      const std::vector<const store::CatalogBlock*>& blocks,
                                      const std::function<bool()>& stopped) {
  Measure measure;
  for (const store::CatalogBlock* block : blocks) {
    if (stopped && stopped()) return base::Error{base::ErrorCode::kCancelled, "nobody waits"};
    base::Status added = measure.Add(objects, *block);
    if (added.ok()) continue;
    if (added.error().code != base::ErrorCode::kNotFound) return std::move(added).error();
    measure.NoteGone();
  }
  return measure.Take();
}

std::string ReportCost(const StorageCost& cost, size_t top, ReportForm form) {
  return form == ReportForm::kJson ? CostAsJson(cost, top) : CostAsText(cost, top);
}

}  // namespace clew
