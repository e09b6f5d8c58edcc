// SPDX-License-Identifier: Apache-2.0

#include <gmock/gmock.h>

#include <map>

#include "net/http.h"
#include "opentelemetry/context/propagation/composite_propagator.h"
#include "opentelemetry/trace/context.h"
#include "opentelemetry/trace/propagation/b3_propagator.h"
#include "opentelemetry/trace/propagation/http_trace_context.h"
#include "opentelemetry/trace/propagation/jaeger.h"
#include "sdk/propagation/hex_ids.h"

namespace clew::sdk {
namespace {

namespace trace = opentelemetry::trace;
namespace propagation = opentelemetry::trace::propagation;
using opentelemetry::context::Context;
using opentelemetry::context::propagation::TextMapCarrier;
using opentelemetry::context::propagation::TextMapPropagator;
using ::testing::ElementsAre;
using ::testing::Pair;

class MapCarrier final : public TextMapCarrier {
 public:
  MapCarrier() = default;
  explicit MapCarrier(std::map<std::string, std::string> given) : fields(std::move(given)) {}
  std::string_view Get(std::string_view key) const noexcept override {
    for (const auto& [name, value] : fields) {
      if (net::EqualsIgnoringCase(name, key)) return value;
    }
    return "";
  }
  void Set(std::string_view key, std::string_view value) noexcept override {
    fields[std::string(key)] = value;
  }
  std::map<std::string, std::string> fields;
};

// "trace span flags", or "none".
std::string Extracted(TextMapPropagator& propagator, std::map<std::string, std::string> fields) {
  Context empty;
  const Context context = propagator.Extract(MapCarrier(std::move(fields)), empty);
  const trace::SpanContext span = trace::GetSpan(context)->GetContext();
  if (!span.IsValid()) return "none";
  EXPECT_TRUE(span.IsRemote());
  return propagation::ToHex(span.trace_id()) + " " + propagation::ToHex(span.span_id()) + " " +
         std::to_string(span.trace_flags().flags());
}

std::map<std::string, std::string> Injected(TextMapPropagator& propagator, bool sampled) {
  const trace::SpanContext span(*propagation::ParseTraceId("0af7651916cd43dd8448eb211c80319c"),
                                *propagation::ParseSpanId("b7ad6b7169203331"),
                                trace::TraceFlags(sampled ? 1 : 0), false);
  MapCarrier carrier;
  propagator.Inject(carrier, trace::SetSpan(Context(), std::make_shared<trace::DefaultSpan>(span)));
  return carrier.fields;
}

struct Row {
  const char* header;
  const char* expected;
};

TEST(JaegerPropagator, ReadsWhatJaegerClientsWrite) {
  const Row rows[] = {
      {"5737c004a641f5eb:1f1e2d6167105390:5737c004a641f5eb:1",
       "00000000000000005737c004a641f5eb 1f1e2d6167105390 1"},
      {"0af7651916cd43dd8448eb211c80319c:b7ad6b7169203331:0:01",
       "0af7651916cd43dd8448eb211c80319c b7ad6b7169203331 1"},
      {"1:2:0:0", "00000000000000000000000000000001 0000000000000002 0"},
      {"1%3A2%3A0%3A1", "00000000000000000000000000000001 0000000000000002 1"},
      {"1:2:0:3", "00000000000000000000000000000001 0000000000000002 1"},
      {"1:2:0:2", "00000000000000000000000000000001 0000000000000002 1"},
      {"1:2::10", "00000000000000000000000000000001 0000000000000002 1"},
      {"AB:CD:0:1", "000000000000000000000000000000ab 00000000000000cd 1"},
      {"0:2:0:1", "none"},
      {"1:0:0:1", "none"},
      {"1:2:1", "none"},
      {"1:2:0:", "none"},
      {"1:2:0:256", "none"},
      {"1:2:0:x", "none"},
      {"g:2:0:1", "none"},
      {"123456789012345678901234567890123:2:0:1", "none"},
      {"1:12345678901234567:0:1", "none"},
      {"1%3", "none"},
      {"", "none"},
  };
  propagation::JaegerPropagator propagator;
  for (const Row& row : rows) {
    EXPECT_EQ(Extracted(propagator, {{"Uber-Trace-Id", row.header}}), row.expected) << row.header;
  }
}

TEST(JaegerPropagator, Writes32DigitsAndTwoOfFlags) {
  propagation::JaegerPropagator propagator;
  EXPECT_THAT(
      Injected(propagator, true),
      ElementsAre(Pair("uber-trace-id", "0af7651916cd43dd8448eb211c80319c:b7ad6b7169203331:0:01")));
  EXPECT_THAT(
      Injected(propagator, false),
      ElementsAre(Pair("uber-trace-id", "0af7651916cd43dd8448eb211c80319c:b7ad6b7169203331:0:00")));
}

TEST(HttpTraceContext, ReadsOnlyWhatTheStandardAllows) {
  const std::string ids = "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331";
  const std::string good = "0af7651916cd43dd8448eb211c80319c b7ad6b7169203331 ";
  const std::pair<std::string, std::string> rows[] = {
      {"00-" + ids + "-01", good + "1"},
      {"00-" + ids + "-03", good + "3"},
      {"00-" + ids + "-00", good + "0"},
      {"00-" + ids + "-01-more", "none"},
      {"01-" + ids + "-01-more", good + "1"},
      {"01-" + ids + "-01", good + "1"},
      {"01-" + ids + "-01more", "none"},
      {"ff-" + ids + "-01", "none"},
      {"00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", "none"},
      {"00-00000000000000000000000000000000-b7ad6b7169203331-01", "none"},
      {"00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", "none"},
      {"00-" + ids + "-0g", "none"},
      {"00-" + ids, "none"},
      {"", "none"},
  };
  propagation::HttpTraceContext propagator;
  for (const auto& [header, expected] : rows) {
    EXPECT_EQ(Extracted(propagator, {{"traceparent", header}}), expected) << header;
  }
}

TEST(HttpTraceContext, PassesTheTraceStateOn) {
  propagation::HttpTraceContext propagator;
  Context empty;
  const MapCarrier in({{"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
                       {"tracestate", "rojo=1, tenant@sys=2"}});
  MapCarrier out;
  propagator.Inject(out, propagator.Extract(in, empty));
  EXPECT_THAT(
      out.fields,
      ElementsAre(Pair("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
                  Pair("tracestate", "rojo=1,tenant@sys=2")));
}

TEST(B3Propagator, ReadsTheSingleHeader) {
  const Row rows[] = {
      {"0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
       "0af7651916cd43dd8448eb211c80319c b7ad6b7169203331 1"},
      {"0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-d-00f067aa0ba902b7",
       "0af7651916cd43dd8448eb211c80319c b7ad6b7169203331 1"},
      {"8448eb211c80319c-b7ad6b7169203331-0",
       "00000000000000008448eb211c80319c b7ad6b7169203331 0"},
      {"0", "none"},
      {"8448eb211c80319-b7ad6b7169203331-1", "none"},
      {"", "none"},
  };
  propagation::B3Propagator propagator;
  for (const Row& row : rows) {
    EXPECT_EQ(Extracted(propagator, {{"b3", row.header}}), row.expected) << row.header;
  }
}

TEST(B3Propagator, ReadsTheManyHeadersWhenThereIsNoSingleOne) {
  propagation::B3Propagator propagator;
  EXPECT_EQ(Extracted(propagator, {{"x-b3-traceid", "8448eb211c80319c"},
                                   {"x-b3-spanid", "b7ad6b7169203331"},
                                   {"x-b3-sampled", "true"}}),
            "00000000000000008448eb211c80319c b7ad6b7169203331 1");
  EXPECT_EQ(Extracted(propagator, {{"x-b3-traceid", "8448eb211c80319c"},
                                   {"x-b3-spanid", "b7ad6b7169203331"},
                                   {"x-b3-flags", "1"}}),
            "00000000000000008448eb211c80319c b7ad6b7169203331 1");
}

TEST(B3Propagator, WritesItsForm) {
  propagation::B3Propagator single;
  EXPECT_THAT(Injected(single, true),
              ElementsAre(Pair("b3", "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1")));
  propagation::B3PropagatorMultiHeader multi;
  EXPECT_THAT(Injected(multi, false),
              ElementsAre(Pair("X-B3-Sampled", "0"), Pair("X-B3-SpanId", "b7ad6b7169203331"),
                          Pair("X-B3-TraceId", "0af7651916cd43dd8448eb211c80319c")));
}

TEST(CompositePropagator, KeepsAValidContextWhenALaterHeaderIsBroken) {
  std::vector<std::unique_ptr<TextMapPropagator>> list;
  list.push_back(std::make_unique<propagation::JaegerPropagator>());
  list.push_back(std::make_unique<propagation::HttpTraceContext>());
  opentelemetry::context::propagation::CompositePropagator propagator(std::move(list));
  EXPECT_EQ(Extracted(propagator, {{"uber-trace-id", "1:2:0:1"}, {"traceparent", "broken"}}),
            "00000000000000000000000000000001 0000000000000002 1");
}

TEST(TraceState, DropsTheWholeListForOneBrokenMember) {
  EXPECT_EQ(trace::TraceState::FromHeader("a=1,b=2")->ToHeader(), "a=1,b=2");
  EXPECT_TRUE(trace::TraceState::FromHeader("a=1,B=2")->Empty());
  EXPECT_TRUE(trace::TraceState::FromHeader("a=1,a=2")->Empty());
}

TEST(TraceState, PutsAChangedMemberInFront) {
  EXPECT_EQ(trace::TraceState::FromHeader("a=1,b=2")->Set("b", "3")->ToHeader(), "b=3,a=1");
  EXPECT_EQ(trace::TraceState::FromHeader("a=1,b=2")->Delete("a")->ToHeader(), "b=2");
}

}  // namespace
}  // namespace clew::sdk
