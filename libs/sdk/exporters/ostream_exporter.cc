// SPDX-License-Identifier: Apache-2.0

#include "opentelemetry/exporters/ostream/span_exporter.h"
#include "opentelemetry/sdk/trace/span_data.h"
#include "sdk/propagation/hex_ids.h"

namespace opentelemetry::inline v1::exporter::trace {
namespace {

using opentelemetry::trace::propagation::ToHex;
using sdk::trace::SpanData;

class ValuePrinter {
 public:
  explicit ValuePrinter(std::ostream& out) : out_(out) {}
  void operator()(bool value) { out_ << (value ? "true" : "false"); }
  void operator()(uint8_t value) { out_ << int{value}; }
  template <typename T>
  void operator()(const T& value) {
    out_ << value;
  }
  template <typename T>
  void operator()(const std::vector<T>& values) {
    out_ << '[';
    for (size_t i = 0; i < values.size(); ++i) {
      if (i > 0) out_ << ',';
      (*this)(static_cast<const T&>(values[i]));
    }
    out_ << ']';
  }

 private:
  std::ostream& out_;
};

void PrintAttributes(std::ostream& out, const sdk::common::AttributeMap& attributes,
                     nostd::string_view indent) {
  for (const auto& [key, value] : attributes) {
    out << indent << key << ": ";
    std::visit(ValuePrinter(out), value);
    out << '\n';
  }
}

nostd::string_view KindName(opentelemetry::trace::SpanKind kind) {
  using Kind = opentelemetry::trace::SpanKind;
  switch (kind) {
    case Kind::kInternal:
      return "Internal";
    case Kind::kServer:
      return "Server";
    case Kind::kClient:
      return "Client";
    case Kind::kProducer:
      return "Producer";
    case Kind::kConsumer:
      return "Consumer";
  }
  return "";
}

nostd::string_view StatusName(opentelemetry::trace::StatusCode code) {
  using Code = opentelemetry::trace::StatusCode;
  switch (code) {
    case Code::kUnset:
      return "Unset";
    case Code::kOk:
      return "Ok";
    case Code::kError:
      return "Error";
  }
  return "";
}

void PrintSpan(std::ostream& out, const SpanData& span) {
  out << "{\n  name          : " << span.GetName()
      << "\n  trace_id      : " << ToHex(span.GetTraceId())
      << "\n  span_id       : " << ToHex(span.GetSpanId())
      << "\n  tracestate    : " << span.GetSpanContext().trace_state()->ToHeader()
      << "\n  parent_span_id: " << ToHex(span.GetParentSpanId())
      << "\n  start         : " << span.GetStartTime().time_since_epoch().count()
      << "\n  duration      : " << span.GetDuration().count()
      << "\n  description   : " << span.GetDescription()
      << "\n  span kind     : " << KindName(span.GetSpanKind())
      << "\n  status        : " << StatusName(span.GetStatus()) << "\n  attributes    :\n";
  PrintAttributes(out, span.GetAttributes(), "    ");
  out << "  events        :\n";
  for (const auto& event : span.GetEvents()) {
    out << "    " << event.name << " at " << event.timestamp.time_since_epoch().count() << '\n';
    PrintAttributes(out, event.attributes, "      ");
  }
  out << "  links         :\n";
  for (const auto& link : span.GetLinks()) {
    out << "    " << ToHex(link.context.trace_id()) << ' ' << ToHex(link.context.span_id()) << '\n';
    PrintAttributes(out, link.attributes, "      ");
  }
  out << "  resources     :\n";
  PrintAttributes(out, span.GetResource().GetAttributes(), "    ");
  out << "  instr-lib     : " << span.GetInstrumentationScope().GetName() << "\n}\n";
}

}  // namespace

std::unique_ptr<sdk::trace::Recordable> OStreamSpanExporter::MakeRecordable() noexcept {
  return std::make_unique<SpanData>();
}

sdk::common::ExportResult OStreamSpanExporter::Export(
    const nostd::span<std::unique_ptr<sdk::trace::Recordable>>& spans) noexcept {
  if (shut_down_) return sdk::common::ExportResult::kFailure;
  for (const auto& span : spans) PrintSpan(out_, static_cast<const SpanData&>(*span));
  out_.flush();
  return sdk::common::ExportResult::kSuccess;
}

bool OStreamSpanExporter::Shutdown(std::chrono::microseconds) noexcept {
  shut_down_ = true;
  return true;
}

}  // namespace opentelemetry::inline v1::exporter::trace
