// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "model/span_sink.h"
#include "wire/jaeger_tag.h"

namespace clew::wire {

// Announces a Jaeger process as a resource. Renames the two tags that have a name of their own in
// OpenTelemetry, unless that name is taken. A tag service.name wins over the process's name; an
// empty name is none.
// `for_each_tag` calls what it is given with each JaegerTag, as often as it is called.
template <typename ForEachTagOf>
void AnnounceJaegerProcess(std::string_view service_name, ForEachTagOf for_each_tag,
                           model::SpanSink& sink) {
  bool has_service_name = service_name.empty() || service_name == kNoServiceName;
  bool has_host_name = false;
  bool has_exporter_version = false;
  for_each_tag([&](const JaegerTag& tag) {
    has_service_name |= tag.key == "service.name";
    has_host_name |= tag.key == "host.name";
    has_exporter_version |= tag.key == "opencensus.exporterversion";
  });
  sink.OnResource({});
  if (!has_service_name) {
    sink.OnAttribute("service.name", model::ValueView::String(service_name));
  }
  for_each_tag([&](const JaegerTag& tag) {
    if (tag.key == "hostname" && !has_host_name) {
      sink.OnAttribute("host.name", tag.value);
    } else if (tag.key == "jaeger.version" && !has_exporter_version) {
      const std::string version = "Jaeger-" + std::string(tag.text());
      sink.OnAttribute("opencensus.exporterversion", model::ValueView::String(version));
    } else {
      sink.OnAttribute(tag.key, tag.value);
    }
  });
}

}  // namespace clew::wire
