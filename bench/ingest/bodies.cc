// SPDX-License-Identifier: Apache-2.0
#include "bodies.h"

#include <zstd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <ctime>
#include <utility>

#include "base/check.h"
#include "base/compression.h"
#include "jaeger_request_writer.h"
#include "load/span_encoder.h"
#include "net/grpc_wire.h"
#include "wire/jaeger_thrift_writer.h"
#include "wire/otlp_json_writer.h"
#include "wire/otlp_scan.h"
#include "wire/protobuf_scan.h"
#include "zipkin_json_writer.h"

namespace clew::bench {
namespace {

using wire::Tag;
using wire::WireType;

// A hundred instances: enough that resources differ, few enough that large bodies fill soon.
constexpr double kSpansPerSimulatedSecond = 10'000;
constexpr int kZstdLevel = 3;  // what the library and most clients take
constexpr size_t kInflatedLimitBytes = size_t{1} << 30;

template <typename Writer>
std::string Translate(std::string_view otlp) {
  Writer writer;
  CHECK(wire::ScanOtlp(otlp, writer).ok());
  return writer.Take();
}

std::string TranslateToThrift(std::string_view otlp) {
  wire::JaegerThriftWriter writer;
  CHECK(wire::ScanOtlp(otlp, writer).ok());
  return std::move(writer.Take().front());
}

std::string TranslateToJson(std::string_view otlp) {
  wire::OtlpJsonWriter writer(wire::JsonDialect::kOtlp);
  CHECK(wire::ScanOtlp(otlp, writer).ok());
  return "{\"resourceSpans\":" + writer.Take() + "}";
}

std::string MessageOf(std::string_view otlp, BodyFormat format) {
  switch (format) {
    case BodyFormat::kOtlpGrpc:
    case BodyFormat::kOtlpHttp:
      return std::string(otlp);
    case BodyFormat::kOtlpJson:
      return TranslateToJson(otlp);
    case BodyFormat::kJaegerHttp:
      return TranslateToThrift(otlp);
    case BodyFormat::kJaegerGrpc:
      return Translate<JaegerRequestWriter>(otlp);
    case BodyFormat::kZipkinJson:
      return Translate<ZipkinJsonWriter>(otlp);
  }
  return {};
}

std::string Zstd(std::string_view plain) {
  std::string out(ZSTD_compressBound(plain.size()), '\0');
  const size_t size = ZSTD_compress(out.data(), out.size(), plain.data(), plain.size(), kZstdLevel);
  CHECK(ZSTD_isError(size) == 0);
  out.resize(size);
  return out;
}

std::string Pack(std::string message, BodyEncoding encoding) {
  switch (encoding) {
    case BodyEncoding::kNone:
      return message;
    case BodyEncoding::kGzip:
      return base::GzipCompress(message);
    case BodyEncoding::kZstd:
      return Zstd(message);
  }
  return message;
}

// Calls `visit` with each length-delimited field of this number.
template <typename Visit>
void ForEachBytes(std::string_view message, uint32_t number, Visit visit) {
  wire::FieldCursor field(message, message.data());
  while (field.Next()) {
    if (field.tag() == Tag(number, WireType::kBytes)) visit(field.bytes());
  }
}

void FindTraceIds(Body& body) {
  ForEachBytes(body.message(), 1, [&](std::string_view resource_spans) {
    ForEachBytes(resource_spans, 2, [&](std::string_view scope_spans) {
      ForEachBytes(scope_spans, 2, [&](std::string_view span) {
        ForEachBytes(span, 1, [&](std::string_view trace_id) {
          body.trace_ids_at.push_back(static_cast<uint32_t>(trace_id.data() - body.bytes.data()));
        });
      });
    });
  });
}

Body MakeBody(std::string_view otlp, const BodyOptions& options) {
  std::string message = Pack(MessageOf(otlp, options.format), options.encoding);
  Body body;
  if (RouteOf(options.format).grpc) {
    body.bytes = net::GrpcPrefix(message.size(), options.encoding != BodyEncoding::kNone);
    body.head_bytes = body.bytes.size();
    body.bytes += message;
  } else {
    body.bytes = std::move(message);
  }
  if (RouteOf(options.format).wire_format == wire::Format::kOtlpProtobuf &&
      options.encoding == BodyEncoding::kNone) {
    FindTraceIds(body);
  }
  return body;
}

load::GeneratorOptions GeneratorOptionsOf(const BodyOptions& options) {
  const auto now =
      std::chrono::system_clock::now().time_since_epoch() / std::chrono::nanoseconds(1);
  const double simulated = static_cast<double>(options.spans) / kSpansPerSimulatedSecond;
  return {.seed = options.seed,
          .start_ns = now - static_cast<int64_t>(simulated * 1e9),
          .spans_per_second = kSpansPerSimulatedSecond};
}

// CPU time of this thread, in seconds.
double ThreadSeconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

base::Codec CodecOf(BodyEncoding encoding) {
  switch (encoding) {
    case BodyEncoding::kNone:
      return base::Codec::kNone;
    case BodyEncoding::kGzip:
      return base::Codec::kGzip;
    case BodyEncoding::kZstd:
      return base::Codec::kZstd;
  }
  return base::Codec::kNone;
}

}  // namespace

std::vector<Body> MakeBodies(const BodyOptions& options) {
  const load::TraceGenerator generator(load::FindProfile("web1").value(),
                                       GeneratorOptionsOf(options));
  load::SpanEncoder encoder(generator);
  std::vector<std::vector<load::SpanPlan>> waiting(generator.instance_count());
  std::vector<load::SpanPlan> plans;
  std::vector<Body> bodies;
  base::ByteBuffer otlp;
  const uint64_t wanted = std::max<uint64_t>(1, options.spans / options.spans_per_body);
  for (uint64_t trace = 0; bodies.size() < wanted; ++trace) {
    generator.PlanAll(generator.Shape(trace), plans);
    for (const load::SpanPlan& plan : plans) {
      std::vector<load::SpanPlan>& of_instance = waiting[plan.instance];
      of_instance.push_back(plan);
      if (of_instance.size() < options.spans_per_body || bodies.size() == wanted) continue;
      encoder.EncodeBody(of_instance, otlp);
      of_instance.clear();
      bodies.push_back(MakeBody(otlp.view(), options));
    }
  }
  return bodies;
}

void Renew(Body& body) {
  CHECK(!body.trace_ids_at.empty());
  CHECK(!body.in_flight);
  const uint64_t turn = ++body.turn;
  // After a turn an id is the first one xor kStep * turn, which is another for every turn.
  constexpr uint64_t kStep = 0x9e3779b97f4a7c15;
  const uint64_t mask = kStep * turn ^ kStep * (turn - 1);
  for (const uint32_t at : body.trace_ids_at) {
    uint64_t part;
    std::memcpy(&part, body.bytes.data() + at, sizeof part);
    part ^= mask;
    std::memcpy(body.bytes.data() + at, &part, sizeof part);
  }
}

ScanCost MeasureScan(const std::vector<Body>& bodies, BodyFormat format, BodyEncoding encoding) {
  ScanCost cost;
  for (const Body& body : bodies) {
    const double begin = ThreadSeconds();
    std::string inflated;
    std::string_view plain = body.message();
    if (encoding != BodyEncoding::kNone) {
      inflated = base::Decompress(CodecOf(encoding), plain, kInflatedLimitBytes).value();
      plain = inflated;
    }
    const double inflated_at = ThreadSeconds();
    CHECK(wire::Validate(RouteOf(format).wire_format, plain).ok());
    cost.inflate_seconds += inflated_at - begin;
    cost.validate_seconds += ThreadSeconds() - inflated_at;
    cost.plain_bytes += plain.size();
  }
  return cost;
}

}  // namespace clew::bench
