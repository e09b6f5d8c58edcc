// SPDX-License-Identifier: Apache-2.0
#include "reference/text_answer.h"

#include <array>
#include <charconv>
#include <utility>

#include "reference/field_lookup.h"
#include "traceql/print.h"

namespace clew::reference {
namespace {

std::string TimeText(int64_t ns) {
  return traceql::Print(traceql::Static(traceql::Duration{ns}));
}

// Six digits, which is as much as a reader will have computed by hand.
std::string NumberText(double number) {
  std::array<char, 32> text{};
  char* const end =
      std::to_chars(text.data(), text.data() + text.size(), number, std::chars_format::general, 6)
          .ptr;
  return {text.data(), end};
}

std::string IdText(const model::TraceId& id) {
  return WithoutLeadingZeros(id.ToHex());
}

std::string SpansText(const FoundTrace& trace, const FoundSpanset& spanset, const TextSpans& spans,
                      bool attributes) {
  std::string text;
  for (const FoundSpan& span : spanset.spans) {
    text += " " + spans.LetterOf(trace.trace_id, span.span_id, span.start_ns, span.name);
    if (attributes) text += LabelText(span.attributes);
  }
  const size_t more = spanset.matched - spanset.spans.size();
  return more == 0 ? text : text + " +" + std::to_string(more);
}

std::string ValuesText(const std::vector<NamedValue>& values) {
  std::string text;
  for (const NamedValue& value : values) {
    text.append(text.empty() ? " | " : " ").append(value.name).append("=");
    text.append(TextOf(value.value));
  }
  return text;
}

std::string TraceText(const FoundTrace& trace, const TextOptions& options) {
  std::string text = IdText(trace.trace_id);
  if (options.show_summary) {
    text += " [" + trace.root_service_name + "/" + trace.root_name + " @" +
            TimeText(trace.start_ns - kTextStartNs) + " " + TimeText(trace.duration_ns) + "]";
  }
  if (!options.show_services) return text;
  text += " [";
  for (const auto& [service, stats] : trace.services) {
    text.append(text.back() == '[' ? "" : ", ").append(service).append(" ");
    text += std::to_string(stats.span_count) + "/" + std::to_string(stats.error_count);
  }
  return text + "]";
}

std::string SeriesText(const Series& series) {
  std::string text = LabelText(series.labels);
  for (const std::optional<double>& sample : series.samples) {
    text += " " + (sample ? NumberText(*sample) : std::string("-"));
  }
  return text;
}

std::string ExemplarText(const Exemplar& exemplar) {
  return "exemplar " + IdText(exemplar.trace_id) + " @" +
         TimeText(exemplar.timestamp_ns - kTextStartNs) + " " + NumberText(exemplar.value) + " " +
         LabelText(exemplar.labels);
}

}  // namespace

std::vector<std::string> LinesOf(const std::vector<FoundTrace>& found, const TextSpans& spans,
                                 const TextOptions& options) {
  if (found.empty()) return {"nothing"};
  std::vector<std::string> lines;
  for (const FoundTrace& trace : found) {
    for (const FoundSpanset& spanset : trace.spansets) {
      lines.push_back(TraceText(trace, options) + ":" +
                      SpansText(trace, spanset, spans, options.show_attributes) +
                      ValuesText(spanset.attributes));
    }
  }
  return lines;
}

std::vector<std::string> LinesOf(const MetricsAnswer& answer) {
  if (answer.series.empty()) return {"nothing"};
  std::vector<std::string> lines;
  for (const Series& series : answer.series) {
    lines.push_back(SeriesText(series));
    for (const Exemplar& exemplar : series.exemplars) lines.push_back(ExemplarText(exemplar));
  }
  return lines;
}

}  // namespace clew::reference
