// SPDX-License-Identifier: Apache-2.0
// Jaeger batches for tests, as objects of the classes that thrift generates.
#pragma once

#include <thrift/TConfiguration.h>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/protocol/TCompactProtocol.h>
#include <thrift/transport/TBufferTransports.h>

#include <memory>
#include <string>
#include <vector>

#include "jaeger_types.h"

namespace clew::wire {

namespace jaeger = jaegertracing::thrift;

// What `write` writes with a protocol.
template <typename Protocol, typename Write>
std::string Written(Write write) {
  const auto buffer = std::make_shared<apache::thrift::transport::TMemoryBuffer>();
  Protocol protocol(buffer);
  write(static_cast<apache::thrift::protocol::TProtocol&>(protocol));
  return buffer->getBufferAsString();
}

template <typename Struct>
std::string Encode(const Struct& value) {
  return Written<apache::thrift::protocol::TBinaryProtocol>(
      [&](auto& protocol) { value.write(&protocol); });
}

// What generated classes read of `bytes`; they throw where they cannot.
template <typename Struct>
Struct Decode(const std::string& bytes) {
  const auto limits = std::make_shared<apache::thrift::TConfiguration>(bytes.size() + 1);
  const auto buffer = std::make_shared<apache::thrift::transport::TMemoryBuffer>(limits);
  buffer->write(reinterpret_cast<const uint8_t*>(bytes.data()),
                static_cast<uint32_t>(bytes.size()));
  apache::thrift::protocol::TBinaryProtocol protocol(buffer);
  Struct value;
  value.read(&protocol);
  return value;
}

inline jaeger::Tag Text(const std::string& key, const std::string& value) {
  jaeger::Tag tag;
  tag.__set_key(key);
  tag.__set_vType(jaeger::TagType::STRING);
  tag.__set_vStr(value);
  return tag;
}

inline jaeger::Tag Flag(const std::string& key, bool value) {
  jaeger::Tag tag;
  tag.__set_key(key);
  tag.__set_vType(jaeger::TagType::BOOL);
  tag.__set_vBool(value);
  return tag;
}

inline jaeger::Tag Number(const std::string& key, int64_t value) {
  jaeger::Tag tag;
  tag.__set_key(key);
  tag.__set_vType(jaeger::TagType::LONG);
  tag.__set_vLong(value);
  return tag;
}

inline jaeger::SpanRef Ref(jaeger::SpanRefType::type type, int64_t trace_low, int64_t span) {
  jaeger::SpanRef ref;
  ref.__set_refType(type);
  ref.__set_traceIdLow(trace_low);
  ref.__set_traceIdHigh(0);
  ref.__set_spanId(span);
  return ref;
}

inline jaeger::Span Span() {
  jaeger::Span span;
  span.traceIdLow = 1;
  span.spanId = 2;
  span.operationName = "n";
  span.startTime = 3;
  span.duration = 4;
  return span;
}

inline jaeger::Batch BatchOf(const std::vector<jaeger::Span>& spans) {
  jaeger::Batch batch;
  batch.process.serviceName = "shop";
  batch.spans = spans;
  return batch;
}

}  // namespace clew::wire
