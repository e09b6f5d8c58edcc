// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace clew::wire {

// Arrays and key-value lists inside one OTLP attribute value.
inline constexpr int kMaxValueNesting = 32;
// Structs, lists and maps inside one Thrift message.
inline constexpr int kMaxThriftNesting = 64;
// Tags of a span in Thrift that are kept while it is read; more are walked over several times.
inline constexpr int32_t kMaxReadTags = 1024;
// Objects and arrays inside one JSON text: room for kMaxValueNesting lists, of four each.
inline constexpr int kMaxJsonNesting = 256;
// Annotations, and tags, of one span of Zipkin, which are held while it is read.
inline constexpr size_t kMaxZipkinItems = size_t{1} << 16;
// Of a body in JSON, of which reading takes up to ten times its size.
inline constexpr size_t kMaxJsonBytes = size_t{64} << 20;

}  // namespace clew::wire
