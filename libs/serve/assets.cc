// SPDX-License-Identifier: Apache-2.0
#include "serve/assets.h"

#include <algorithm>

#include "base/compression.h"

namespace clew::serve {
namespace {

constexpr size_t kAssetLimitBytes = 64 << 20;
constexpr size_t kHashDigits = 8;

std::string_view ContentTypeOf(std::string_view path) {
  if (path.ends_with(".html")) return "text/html; charset=utf-8";
  if (path.ends_with(".js")) return "text/javascript; charset=utf-8";
  if (path.ends_with(".css")) return "text/css; charset=utf-8";
  if (path.ends_with(".svg")) return "image/svg+xml";
  if (path.ends_with(".png")) return "image/png";
  if (path.ends_with(".woff2")) return "font/woff2";
  if (path.ends_with(".json") || path.ends_with(".map")) return "application/json";
  return "application/octet-stream";
}

// "icon-0123abcd.svg", "main-QAXVG7KU.js": the name changes with the content, so it may be kept for
// ever. Hashes are in hexadecimal, or in the capitals and digits of the bundler.
bool NameHasHash(std::string_view path) {
  const size_t dot = path.rfind('.');
  const size_t dash = path.rfind('-');
  if (dot == std::string_view::npos || dash == std::string_view::npos || dash > dot) return false;
  const std::string_view hash = path.substr(dash + 1, dot - dash - 1);
  return hash.size() >= kHashDigits && std::ranges::all_of(hash, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'Z');
         });
}

const EmbeddedFile* FindFile(std::span<const EmbeddedFile> files, std::string_view path) {
  const auto found =
      std::ranges::find_if(files, [&](const EmbeddedFile& file) { return file.path == path; });
  return found == files.end() ? nullptr : &*found;
}

bool HeaderMentions(const net::RequestHead& request, std::string_view name, std::string_view word) {
  return request.headers.Get(name).value_or("").find(word) != std::string_view::npos;
}

bool IsPage(const net::RequestHead& request) {
  const std::string_view path = request.path();
  if (path == "/" || path == "/explore") return true;
  if (path == "/api" || path.starts_with("/api/")) return false;
  return HeaderMentions(request, "accept", "text/html");
}

void AddSecurityHeaders(net::Headers& headers) {
  headers.Add("Content-Security-Policy",
              "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
              "form-action 'self'");
  headers.Add("X-Content-Type-Options", "nosniff");
  headers.Add("Referrer-Policy", "no-referrer");
}

// Null: none.
const EmbeddedFile* AssetFor(std::span<const EmbeddedFile> files, const net::RequestHead& request) {
  if (request.method != "GET" && request.method != "HEAD") return nullptr;
  const EmbeddedFile* const file = FindFile(files, request.path());
  return file == nullptr && IsPage(request) ? FindFile(files, "/index.html") : file;
}

}  // namespace

bool IsForAsset(std::span<const EmbeddedFile> files, const net::RequestHead& request) {
  return AssetFor(files, request) != nullptr;
}

std::optional<AssetReply> FindAsset(std::span<const EmbeddedFile> files,
                                    const net::RequestHead& request) {
  const EmbeddedFile* const file = AssetFor(files, request);
  if (file == nullptr) return std::nullopt;

  AssetReply reply;
  net::Headers& headers = reply.head.headers;
  headers.Add("ETag", std::string(file->etag));
  headers.Add("Cache-Control",
              NameHasHash(file->path) ? "public, max-age=31536000, immutable" : "no-cache");
  headers.Add("Vary", "Accept-Encoding");
  AddSecurityHeaders(headers);
  if (HeaderMentions(request, "if-none-match", file->etag)) {
    reply.head.status = 304;
    return reply;
  }
  headers.Add("Content-Type", std::string(ContentTypeOf(file->path)));
  if (HeaderMentions(request, "accept-encoding", "gzip")) {
    headers.Add("Content-Encoding", "gzip");
    reply.body = file->gzip;
    return reply;
  }
  base::Result<std::string> plain =
      base::Decompress(base::Codec::kGzip, file->gzip, kAssetLimitBytes);
  if (!plain.ok()) return std::nullopt;
  reply.body = std::move(plain).value();
  return reply;
}

}  // namespace clew::serve
