// SPDX-License-Identifier: Apache-2.0
// Reads an answer of the query API as strictly as clients with generated classes do: a field
// that the message does not have is an error.
// Usage: strict_client json|binary MESSAGE < BODY. Prints the message as protobuf's JSON.
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/util/json_util.h>

#include <cstdio>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "tempo_stream.pb.h"

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool HasUnknownFields(const Message& message) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  if (!reflection.GetUnknownFields(message).empty()) return true;
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      if (HasUnknownFields(reflection.GetMessage(message, field))) return true;
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      if (HasUnknownFields(reflection.GetRepeatedMessage(message, field, i))) return true;
    }
  }
  return false;
}

// What is wrong with it; empty: nothing.
std::string Parse(bool json, const std::string& body, Message& message) {
  if (json) {
    google::protobuf::util::JsonParseOptions options;
    options.ignore_unknown_fields = false;
    const auto status = google::protobuf::util::JsonStringToMessage(body, &message, options);
    return status.ok() ? "" : status.ToString();
  }
  if (!message.ParseFromString(body)) return "no such message";
  return HasUnknownFields(message) ? "it has unknown fields" : "";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  // Named here so that the classes are linked.
  const auto* const file = tempopb::SearchResponse::descriptor()->file();
  const auto* const type = file->FindMessageTypeByName(argv[2]);
  if (type == nullptr) return 2;
  const std::unique_ptr<Message> message(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
  const std::string body(std::istreambuf_iterator<char>(std::cin), {});
  const std::string wrong = Parse(std::string(argv[1]) == "json", body, *message);
  if (!wrong.empty()) {
    std::fprintf(stderr, "%s: %s\n", argv[2], wrong.c_str());
    return 1;
  }
  std::string text;
  if (!google::protobuf::util::MessageToJsonString(*message, &text).ok()) return 2;
  std::printf("%s\n", text.c_str());
  return 0;
}
