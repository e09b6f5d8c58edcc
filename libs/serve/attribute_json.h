// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>
#include <vector>

#include "query/answer_attribute.h"
#include "wire/json_writer.h"

// Attributes of an answer as Tempo writes them: protobuf's JSON of OTLP's KeyValue, with
// durations, statuses and kinds as texts.
namespace clew::serve {

void WriteAttribute(wire::JsonWriter& json, const query::AnswerAttribute& attribute);
// A member of an open object; nothing when there are none.
void WriteAttributes(wire::JsonWriter& json, std::string_view member,
                     const std::vector<query::AnswerAttribute>& attributes);

}  // namespace clew::serve
