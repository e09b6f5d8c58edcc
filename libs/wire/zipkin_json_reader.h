// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "wire/json_reader.h"
#include "wire/json_scalar.h"
#include "wire/micros_json.h"
#include "wire/zipkin_span.h"

namespace clew::wire {

// What both versions of Zipkin's JSON have in common.
class ZipkinJsonReader : public JsonReader {
 protected:
  bool ReadEndpoint(JsonValue object, ZipkinEndpoint& endpoint) {
    return ForEachField(object, [&](std::string_view key, JsonValue value) {
      if (key == "serviceName") return ReadText(value, endpoint.service);
      if (key == "ipv4" || (key == "ipv6" && endpoint.ip.empty())) {
        std::string_view ip;
        if (!ReadText(value, ip)) return false;
        endpoint.ip = ip;
        return true;
      }
      if (key != "port") return true;
      const std::optional<int64_t> port = ReadJsonInt64(value);
      if (!port) return Fail("expected a port", value);
      endpoint.port = *port;
      return true;
    });
  }

  bool ReadTime(JsonValue value, std::optional<int64_t>& nanos) {
    const JsonTime time = ReadJsonMicros(value);
    if (!time.is_number) return Fail("expected a number of microseconds", value);
    nanos = time.nanos;
    return true;
  }

  // Hex of 1 up to all digits of an Id; nullopt for another text.
  template <typename Id>
  bool ReadId(JsonValue value, std::optional<Id>& id) {
    std::string_view text;
    if (!ReadText(value, text)) return false;
    id = Id::FromHex(text);
    return true;
  }
};

}  // namespace clew::wire
