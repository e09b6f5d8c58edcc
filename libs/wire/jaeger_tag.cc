// SPDX-License-Identifier: Apache-2.0
#include "wire/jaeger_tag.h"

namespace clew::wire {

using model::ValueView;

JaegerTag JaegerTagFields::Tag() const {
  switch (type) {
    case JaegerTagType::kString:
      return {key, ValueView::String(text)};
    case JaegerTagType::kDouble:
      return {key, ValueView::Double(number)};
    case JaegerTagType::kBool:
      return {key, ValueView::Bool(boolean)};
    case JaegerTagType::kLong:
      return {key, ValueView::Int(integer)};
    case JaegerTagType::kBinary:
      return {key, ValueView::Bytes(binary)};
  }
  return {key, ValueView::String("<Unknown Jaeger TagType \"<UNSET>\">")};
}

}  // namespace clew::wire
