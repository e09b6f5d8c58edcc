// SPDX-License-Identifier: Apache-2.0
#include "serve/attribute_protobuf.h"

#include <bit>
#include <type_traits>

#include "traceql/print.h"

namespace clew::serve {
namespace {

using traceql::Static;

// Fields of AnyValue: a member of its oneof is written also when it is zero.
void WriteValue(wire::ProtobufWriter& out, const Static& value) {
  std::visit(
      [&](const auto& held) {
        using T = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<T, bool>) {
          out.Varint(2, held ? 1 : 0);
        } else if constexpr (std::is_same_v<T, int64_t>) {
          out.Varint(3, static_cast<uint64_t>(held));
        } else if constexpr (std::is_same_v<T, double>) {
          out.Fixed64(4, std::bit_cast<uint64_t>(held));
        } else if constexpr (std::is_same_v<T, std::string>) {
          out.Bytes(1, held);
        } else {
          out.Bytes(1, traceql::Print(Static(held)));  // 1.5s, error, server, nil
        }
      },
      value);
}

void WriteAnyValue(wire::ProtobufWriter& out, uint32_t field, const Static& value) {
  const size_t opened = out.Open(field);
  WriteValue(out, value);
  out.Close(opened);
}

void WriteArray(wire::ProtobufWriter& out, const std::vector<Static>& values) {
  const size_t any_value = out.Open(2);
  const size_t array = out.Open(5);
  for (const Static& value : values) WriteAnyValue(out, 1, value);
  out.Close(array);
  out.Close(any_value);
}

}  // namespace

void WriteAttributes(wire::ProtobufWriter& out, uint32_t field,
                     const std::vector<query::AnswerAttribute>& attributes) {
  for (const query::AnswerAttribute& attribute : attributes) {
    const size_t opened = out.Open(field);
    out.BytesUnlessEmpty(1, attribute.key);
    if (attribute.is_array) {
      WriteArray(out, attribute.values);
    } else {
      WriteAnyValue(out, 2, attribute.values.empty() ? traceql::Nil() : attribute.values.front());
    }
    out.Close(opened);
  }
}

}  // namespace clew::serve
