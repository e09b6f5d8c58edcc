// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "query/answer_attribute.h"
#include "wire/protobuf_writer.h"

namespace clew::serve {

// OTLP's KeyValue for each attribute, as repetitions of the field; durations, statuses and
// kinds are texts, as in the JSON of attribute_json.h.
void WriteAttributes(wire::ProtobufWriter& out, uint32_t field,
                     const std::vector<query::AnswerAttribute>& attributes);

}  // namespace clew::serve
