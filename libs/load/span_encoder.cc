// SPDX-License-Identifier: Apache-2.0
// A body is built from the inside out, because a protobuf message is preceded by its
// length: a span in a scratch area, the spans of a scope one after another, then the
// resource and its scopes, whose lengths are known by then.
#include "load/span_encoder.h"

#include "base/check.h"
#include "wire/protobuf_writer.h"

namespace clew::load {
namespace {

constexpr unsigned TagOf(unsigned field, unsigned wire_type) {
  return field << 3 | wire_type;
}
constexpr unsigned kFixed64Type = 1;
constexpr unsigned kBytesType = 2;
constexpr unsigned kFixed32Type = 5;

// W3C's "sampled", and OTLP's "it is known whether the parent is remote".
constexpr uint32_t kFlags = 0x101;

// Ids, name, kind, times, status head, flags and a link; no field among them is longer.
constexpr size_t kSpanFrame = 512;

uint64_t Threshold(double share) {
  return static_cast<uint64_t>(share * 0x1p32);
}

template <typename Id>
std::string_view Raw(const Id& id) {
  return {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()};
}

void WriteBytes(unsigned field, std::string_view bytes, ByteCursor& out) {
  out.Byte(TagOf(field, kBytesType));
  out.Varint(bytes.size());
  out.Bytes(bytes);
}

void WriteFlags(unsigned field, ByteCursor& out) {
  out.Varint(TagOf(field, kFixed32Type));
  out.Fixed(kFlags);
}

// The size of a message as a field of another.
size_t FieldSize(size_t size) {
  return 1 + VarintSize(size) + size;
}

}  // namespace

SpanEncoder::SpanEncoder(const TraceGenerator& generator)
    : generator_(generator),
      attributes_(generator),
      instances_(generator),
      failures_(generator.services()),
      routes_(kRoutesPerService, kRouteZipf),
      error_threshold_(Threshold(generator.profile().error_share)) {
  const ServiceGraph& services = generator.services();
  for (uint32_t role = 0; role < kRoleCount; ++role) {
    for (uint32_t service = 0; service < services.service_count(); ++service) {
      for (uint32_t route = 0; route < kRoutesPerService; ++route) {
        const TextSlot slot{services.name(service), service, route};
        wire::ProtobufWriter name;
        name.Bytes(5, ExpandPattern(NamePatternOf(static_cast<Role>(role)), slot));
        names_[role].Add(name.bytes());
      }
    }
    CHECK(names_[role].longest() < kSpanFrame / 2);
  }
  scratch_.resize(kSpanFrame + attributes_.longest() + failures_.statuses().longest() +
                  failures_.events().longest() + kCopySlack);
}

model::SpanKind SpanEncoder::KindOf(Role role) {
  switch (role) {
    case Role::kServer:
      return model::SpanKind::kServer;
    case Role::kConsumer:
      return model::SpanKind::kConsumer;
    case Role::kInternal:
      return model::SpanKind::kInternal;
    case Role::kProducer:
      return model::SpanKind::kProducer;
    case Role::kHttpClient:
    case Role::kDatabase:
    case Role::kCache:
      break;
  }
  return model::SpanKind::kClient;
}

void SpanEncoder::WriteIds(const SpanPlan& plan, ByteCursor& out) const {
  WriteBytes(1, Raw(generator_.TraceIdOf(plan.trace)), out);
  WriteBytes(2, Raw(generator_.SpanIdOf(plan.trace, plan.index)), out);
  if (plan.parent == kNoParent) return;
  WriteBytes(4, Raw(generator_.SpanIdOf(plan.trace, plan.parent)), out);
}

int64_t SpanEncoder::WriteTimes(const SpanPlan& plan, ByteCursor& out) const {
  const int64_t step = ServiceGraph::ClockStep(plan.service);
  const int64_t start = plan.start_ns + instances_.ClockSkew(plan.instance);
  const int64_t end = start + plan.duration_ns;
  out.Byte(TagOf(7, kFixed64Type));
  out.Fixed(start - start % step);
  out.Byte(TagOf(8, kFixed64Type));
  out.Fixed(end - end % step);
  return end - end % step;
}

void SpanEncoder::WriteFailure(uint32_t failure, int64_t end, ByteCursor& out) const {
  out.Byte(TagOf(11, kBytesType));
  out.Varint(9 + failures_.events().piece(failure).size());
  out.Byte(TagOf(1, kFixed64Type));
  out.Fixed(end);
  failures_.events().CopyTo(out, failure);
}

// A message is handled in a trace of its own time; it names the trace before.
void SpanEncoder::WriteLink(const SpanPlan& plan, ByteCursor& out) const {
  constexpr unsigned kLinkSize = 18 + 10 + 5;
  const uint64_t linked = plan.trace - 1;
  out.Byte(TagOf(13, kBytesType));
  out.Byte(kLinkSize);
  WriteBytes(1, Raw(generator_.TraceIdOf(linked)), out);
  WriteBytes(2, Raw(generator_.SpanIdOf(linked, 0)), out);
  WriteFlags(6, out);
}

void SpanEncoder::AppendSpan(const SpanPlan& plan, base::ByteBuffer& spans) {
  const RandomKey key = generator_.SpanKey(plan);
  const auto draw = [&](DrawOf what) { return key.Draw(static_cast<uint64_t>(what)); };
  const AttributeEncoder::Facts facts{.role = plan.role,
                                      .service = plan.service,
                                      .target = plan.target,
                                      .route = routes_.Pick(draw(DrawOf::kRoute)),
                                      .failed = draw(DrawOf::kError) >> 32 < error_threshold_};
  const uint32_t failure =
      plan.service * Failures::kVariants + Below(draw(DrawOf::kErrorVariant), Failures::kVariants);

  ByteCursor out(scratch_.data());
  WriteIds(plan, out);
  names_[static_cast<size_t>(plan.role)].CopyTo(out,
                                                plan.service * kRoutesPerService + facts.route);
  out.Byte(TagOf(6, 0));
  out.Varint(static_cast<uint64_t>(KindOf(plan.role)));
  const int64_t end = WriteTimes(plan, out);
  if (facts.failed) failures_.statuses().CopyTo(out, failure);
  WriteFlags(16, out);
  attributes_.Append(key, facts, out);
  if (facts.failed) WriteFailure(failure, end, out);
  if (plan.role == Role::kConsumer && plan.trace > 0) WriteLink(plan, out);

  const auto size = static_cast<size_t>(out.at() - scratch_.data());
  DCHECK(size + kCopySlack <= scratch_.size());
  ByteCursor head(spans.Extend(FieldSize(size)));
  WriteBytes(2, {scratch_.data(), size}, head);
}

void SpanEncoder::EncodeBody(std::span<const SpanPlan> plans, base::ByteBuffer& body) {
  for (const SpanPlan& plan : plans) {
    DCHECK(plan.instance == plans.front().instance);
    AppendSpan(plan, scopes_[static_cast<size_t>(ScopeOf(plan.role))]);
  }
  const SpanPlan& first = plans.front();
  const auto scope_of = [&](size_t kind) {
    return instances_.Scope(first.service, static_cast<ScopeKind>(kind));
  };
  const std::string_view resource = instances_.Resource(first.instance);
  size_t size = resource.size();
  for (size_t kind = 0; kind < kScopeKindCount; ++kind) {
    if (scopes_[kind].size() > 0) size += FieldSize(scope_of(kind).size() + scopes_[kind].size());
  }
  body.clear();
  ByteCursor out(body.Extend(FieldSize(size)));
  out.Byte(TagOf(1, kBytesType));
  out.Varint(size);
  out.Bytes(resource);
  for (size_t kind = 0; kind < kScopeKindCount; ++kind) {
    base::ByteBuffer& spans = scopes_[kind];
    if (spans.size() == 0) continue;
    out.Byte(TagOf(2, kBytesType));
    out.Varint(scope_of(kind).size() + spans.size());
    out.Bytes(scope_of(kind));
    out.Bytes(spans.view());
    spans.clear();
  }
}

}  // namespace clew::load
