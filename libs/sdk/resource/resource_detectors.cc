// SPDX-License-Identifier: Apache-2.0

#include <errno.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>

#include "net/http.h"
#include "opentelemetry/resource_detectors/host_detector.h"
#include "opentelemetry/resource_detectors/os_detector.h"
#include "opentelemetry/resource_detectors/process_detector.h"
#include "opentelemetry/sdk/common/env_variables.h"
#include "opentelemetry/sdk/resource/resource_detector.h"

namespace opentelemetry::inline v1 {

namespace sdk::resource {
namespace {

nostd::string_view Trim(nostd::string_view text) {
  const size_t first = text.find_first_not_of(' ');
  if (first == nostd::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// Nullopt when any pair of it is malformed.
std::optional<ResourceAttributes> ParseAttributes(nostd::string_view list) {
  ResourceAttributes attributes;
  while (!list.empty()) {
    const size_t comma = list.find(',');
    const nostd::string_view pair = Trim(list.substr(0, comma));
    list = comma == nostd::string_view::npos ? "" : list.substr(comma + 1);
    if (pair.empty()) continue;
    const size_t equals = pair.find('=');
    if (equals == nostd::string_view::npos) return std::nullopt;
    const nostd::string_view key = Trim(pair.substr(0, equals));
    const auto value = clew::net::PercentDecode(Trim(pair.substr(equals + 1)), false);
    if (key.empty() || !value.has_value()) return std::nullopt;
    attributes[key] = *value;
  }
  return attributes;
}

}  // namespace

Resource OTELResourceDetector::Detect() {
  ResourceAttributes attributes;
  std::string text;
  if (common::GetStringEnvironmentVariable("OTEL_RESOURCE_ATTRIBUTES", text)) {
    if (auto parsed = ParseAttributes(text)) {
      attributes = std::move(*parsed);
    } else {
      std::fprintf(stderr, "OTEL_RESOURCE_ATTRIBUTES is not k=v,k2=v2 and is ignored: %s\n",
                   text.c_str());
    }
  }
  if (common::GetStringEnvironmentVariable("OTEL_SERVICE_NAME", text)) {
    attributes["service.name"] = text;
  }
  return Resource(std::move(attributes), "");
}

}  // namespace sdk::resource

namespace resource_detector {
namespace {

using sdk::resource::Resource;
using sdk::resource::ResourceAttributes;

// Text of a small file, or empty.
std::string ReadText(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// The value of KEY="value" in os-release(5), or empty.
std::string OsReleaseValue(const std::string& text, nostd::string_view key) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const size_t equals = line.find('=');
    if (equals == std::string::npos || nostd::string_view(line).substr(0, equals) != key) continue;
    std::string value = line.substr(equals + 1);
    std::erase(value, '"');
    return value;
  }
  return {};
}

void SetUnlessEmpty(ResourceAttributes& attributes, nostd::string_view key,
                    const std::string& value) {
  if (!value.empty()) attributes[key] = value;
}

nostd::string_view ArchitectureName(nostd::string_view machine) {
  if (machine == "x86_64") return "amd64";
  if (machine == "aarch64") return "arm64";
  return machine;
}

std::vector<std::string> CommandArguments() {
  std::istringstream text(ReadText("/proc/self/cmdline"));
  std::vector<std::string> arguments;
  for (std::string argument; std::getline(text, argument, '\0');) arguments.push_back(argument);
  return arguments;
}

}  // namespace

Resource OsResourceDetector::Detect() {
  ResourceAttributes attributes;
  attributes["os.type"] = std::string("linux");
  const std::string release = ReadText("/etc/os-release");
  SetUnlessEmpty(attributes, "os.name", OsReleaseValue(release, "NAME"));
  SetUnlessEmpty(attributes, "os.version", OsReleaseValue(release, "VERSION_ID"));
  utsname system{};
  if (uname(&system) == 0) {
    attributes["os.description"] = std::string(system.sysname) + " " + system.release;
  }
  return Resource(std::move(attributes), "");
}

Resource ProcessResourceDetector::Detect() {
  ResourceAttributes attributes;
  attributes["process.pid"] = static_cast<int64_t>(getpid());
  attributes["process.parent_pid"] = static_cast<int64_t>(getppid());
  attributes["process.executable.name"] = std::string(program_invocation_short_name);
  std::error_code error;
  SetUnlessEmpty(attributes, "process.executable.path",
                 std::filesystem::read_symlink("/proc/self/exe", error).string());
  const std::vector<std::string> arguments = CommandArguments();
  if (!arguments.empty()) {
    attributes["process.command"] = arguments.front();
    attributes["process.command_args"] = arguments;
  }
  return Resource(std::move(attributes), "");
}

Resource HostResourceDetector::Detect() {
  ResourceAttributes attributes;
  utsname system{};
  if (uname(&system) == 0) {
    attributes["host.name"] = std::string(system.nodename);
    attributes["host.arch"] = std::string(ArchitectureName(system.machine));
  }
  std::string id = ReadText("/etc/machine-id");
  std::erase(id, '\n');
  SetUnlessEmpty(attributes, "host.id", id);
  return Resource(std::move(attributes), "");
}

}  // namespace resource_detector
}  // namespace opentelemetry::inline v1
