// SPDX-License-Identifier: Apache-2.0
#include "forward_flag.h"

#include <CLI/CLI.hpp>
#include <cctype>
#include <fstream>
#include <utility>

#include "shown_setting.h"

namespace clew {
namespace {

std::string CheckUrl(const std::string& text) {
  const auto destination = ParseDestination(text);
  return destination.ok() ? "" : destination.error().message;
}

std::string Trimmed(std::string_view text) {
  const size_t from = text.find_first_not_of(" \t\r");
  if (from == std::string_view::npos) return "";
  return std::string(text.substr(from, text.find_last_not_of(" \t\r") + 1 - from));
}

// A value is a secret more often than not, so errors do not repeat it.
base::Status AddHeader(net::Headers& headers, const std::string& line) {
  const size_t colon = line.find(':');
  std::string name = Trimmed(std::string_view(line).substr(0, colon));
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (colon == std::string::npos || name.empty()) {
    return base::Error{base::ErrorCode::kInvalidArgument,
                       "a header to forward with is written 'name: value'"};
  }
  headers.Set(name, Trimmed(std::string_view(line).substr(colon + 1)));
  if (!headers.FindUnsafe()) return {};
  return base::Error{base::ErrorCode::kInvalidArgument,
                     "header '" + name + "' has bytes that no header may have"};
}

base::Status AddHeadersOf(net::Headers& headers, const std::string& path) {
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line)) {
    if (!Trimmed(line).empty() && !line.starts_with('#')) TRY(AddHeader(headers, line));
  }
  if (file.eof()) return {};
  return base::Error{base::ErrorCode::kIo, "cannot read " + path};
}

}  // namespace

void AddForwardFlags(CLI::App& command, ForwardFlags& flags) {
  const std::string group = "Forwarding";
  command
      .add_option("--forward", flags.url,
                  "Send everything that is stored to another place too, as OTLP: "
                  "http://HOST:4318 or grpc://HOST:4317, with https or grpcs over TLS")
      ->check(CLI::Validator(CheckUrl, ""))
      ->type_name("URL")
      ->group(group);
  command
      .add_option("--forward-header", flags.headers,
                  "Header of every request there, 'name: value'; may be given several times")
      ->type_name("HEADER")
      ->allow_extra_args(false)
      ->group(group);
  command
      .add_option("--forward-headers-file", flags.headers_file,
                  "File of such headers, one on each line: for those that are secret")
      ->check(CLI::ExistingFile)
      ->group(group);
  command
      .add_option("--forward-ca", flags.ca_file,
                  "PEM certificates to trust there instead of the system's")
      ->check(CLI::ExistingFile)
      ->group(group);
  command
      .add_option("--forward-queue", flags.queue_bytes,
                  "Bytes of bodies that may wait for it, such as 64MiB; past it they are not "
                  "forwarded")
      ->transform(CLI::AsSizeValue(false))
      ->capture_default_str()
      ->group(group);
}

base::Result<otlp::Destination> ParseDestination(const std::string& url) {
  otlp::Destination destination;
  std::string as_http = url;
  destination.protocol = otlp::Protocol::kHttp;
  if (url.starts_with("grpc://") || url.starts_with("grpcs://")) {
    destination.protocol = otlp::Protocol::kGrpc;
    as_http = "http" + url.substr(4);
  }
  net::Url parsed = TRY(net::ParseUrl(as_http));
  destination.endpoint = std::move(parsed.endpoint);
  destination.endpoint.http2 = destination.protocol == otlp::Protocol::kGrpc;
  if (parsed.path == "/") return destination;
  if (destination.protocol == otlp::Protocol::kGrpc) {
    return base::Error{base::ErrorCode::kInvalidArgument,
                       "'" + ShownDestination(url) + "' must not have a path"};
  }
  destination.path = std::move(parsed.path);
  return destination;
}

base::Result<std::unique_ptr<ingest::Forwarder>> MakeForwarder(const ForwardFlags& flags) {
  std::unique_ptr<ingest::Forwarder> forwarder;
  if (flags.url.empty()) return forwarder;
  ingest::ForwardOptions options;
  options.destination = TRY(ParseDestination(flags.url));
  for (const std::string& header : flags.headers) TRY(AddHeader(options.headers, header));
  if (!flags.headers_file.empty()) TRY(AddHeadersOf(options.headers, flags.headers_file));
  options.ca_path = flags.ca_file;
  options.queue_bytes = flags.queue_bytes;
  forwarder = std::make_unique<ingest::Forwarder>(std::move(options));
  return forwarder;
}

}  // namespace clew
