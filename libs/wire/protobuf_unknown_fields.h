// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/unknown_field_set.h>

#include <cstdint>
#include <vector>

namespace clew::wire {

// For tests: adds to a message and to those in it fields of its own numbers in a form that is not
// theirs, and others, as a program of another version writes them.
// REQUIRES: none of its fields is a fixed32.
inline void AddUnknownFields(google::protobuf::Message& message) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const google::protobuf::FieldDescriptor* field : fields) {
    if (field->message_type() == nullptr) continue;
    if (!field->is_repeated()) AddUnknownFields(*reflection.MutableMessage(&message, field));
    for (int i = field->is_repeated() ? reflection.FieldSize(message, field) : 0; i > 0; --i) {
      AddUnknownFields(*reflection.MutableRepeatedMessage(&message, field, i - 1));
    }
  }
  google::protobuf::UnknownFieldSet& unknown = *reflection.MutableUnknownFields(&message);
  for (int number = 1; number < 14; ++number) unknown.AddFixed32(number, 1);
  unknown.AddVarint(100, UINT64_MAX);
  unknown.AddFixed64(101, 1);
  unknown.AddLengthDelimited(1 << 28, "unknown");
}

}  // namespace clew::wire
