// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <span>
#include <vector>

#include "base/byte_buffer.h"
#include "load/attribute_encoder.h"
#include "load/failures.h"
#include "load/instance_tables.h"
#include "load/trace_generator.h"
#include "model/span_sink.h"

namespace clew::load {

// Makes the bodies that an exporter sends: OTLP ExportTraceServiceRequests, byte for
// byte as wire::OtlpWriter would write them, but from prepared pieces.
// Borrows the generator. One thread at a time.
class SpanEncoder {
 public:
  explicit SpanEncoder(const TraceGenerator& generator);

  // The body with these spans, all of one instance, in their order within their scopes.
  // REQUIRES: !spans.empty()
  void EncodeBody(std::span<const SpanPlan> spans, base::ByteBuffer& body);

  static model::SpanKind KindOf(Role role);

 private:
  void AppendSpan(const SpanPlan& plan, base::ByteBuffer& out);
  void WriteIds(const SpanPlan& plan, ByteCursor& out) const;
  // Start and end as the host's clock says; the result is the end.
  int64_t WriteTimes(const SpanPlan& plan, ByteCursor& out) const;
  void WriteFailure(uint32_t failure, int64_t end, ByteCursor& out) const;
  void WriteLink(const SpanPlan& plan, ByteCursor& out) const;

  const TraceGenerator& generator_;
  const AttributeEncoder attributes_;
  const InstanceTables instances_;
  const Failures failures_;
  const ZipfDistribution routes_;
  const uint64_t error_threshold_;               // of 2^32
  std::array<PreparedBytes, kRoleCount> names_;  // by service and route
  std::vector<char> scratch_;                    // one span
  std::array<base::ByteBuffer, kScopeKindCount> scopes_;
};

}  // namespace clew::load
