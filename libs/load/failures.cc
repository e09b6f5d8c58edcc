// SPDX-License-Identifier: Apache-2.0
#include "load/failures.h"

#include <array>
#include <string>

#include "model/span_sink.h"
#include "wire/protobuf_writer.h"

namespace clew::load {
namespace {

constexpr std::array<std::string_view, Failures::kVariants> kTypes{
    "java.net.SocketTimeoutException", "org.postgresql.util.PSQLException",
    "io.grpc.StatusRuntimeException", "java.lang.IllegalStateException",
    "java.util.concurrent.RejectedExecutionException"};
constexpr std::array<std::string_view, Failures::kVariants> kMessages{
    "Read timed out after 2000 ms", "ERROR: deadlock detected", "UNAVAILABLE: io exception",
    "order is already closed", "Task rejected, queue of 200 is full"};

// 15 to 35 frames, about 1.2 kB.
std::string StackTrace(const TextSlot& slot) {
  std::string text = std::string(kTypes[slot.number]) + ": " + std::string(kMessages[slot.number]);
  const uint32_t frames = 15 + (slot.service * 5 + slot.number * 7) % 21;
  for (uint32_t frame = 0; frame < frames; ++frame) {
    const TextSlot at{slot.service_name, slot.service, slot.number * 31 + frame};
    text += "\n\tat com.shop." + ExpandPattern("@.%Handler.step#(%Handler.java:", at) +
            std::to_string(17 + frame * 13 % 400) + ")";
  }
  return text;
}

}  // namespace

Failures::Failures(const ServiceGraph& services) {
  for (uint32_t service = 0; service < services.service_count(); ++service) {
    for (uint32_t variant = 0; variant < kVariants; ++variant) {
      wire::ProtobufWriter status;
      const size_t opened = status.Open(15);
      status.Bytes(2, kMessages[variant]);
      status.Varint(3, static_cast<uint64_t>(model::StatusCode::kError));
      status.Close(opened);
      statuses_.Add(status.bytes());

      wire::ProtobufWriter event;
      event.Bytes(2, "exception");
      const TextSlot slot{services.name(service), service, variant};
      events_.Add(event.Take() + EncodeText(3, "exception.type", kTypes[variant]) +
                  EncodeText(3, "exception.message", kMessages[variant]) +
                  EncodeText(3, "exception.stacktrace", StackTrace(slot)));
    }
  }
}

}  // namespace clew::load
