// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "net/http.h"

namespace clew::serve {

// A file of the UI inside the program, gzip-compressed.
struct EmbeddedFile {
  std::string_view path;  // "/assets/app-0123abcd.js"
  std::string_view etag;  // quoted, as it goes over the wire
  std::string_view gzip;
};

// What the build found in ui/dist, or one page that says how to build it.
std::span<const EmbeddedFile> EmbeddedFiles();

struct AssetReply {
  net::ResponseHead head;
  std::string body;
};

// Answers GET and HEAD for the UI's files; nullopt when the path is none of its
// business. A page of the UI is any path outside /api that a browser asks for as
// HTML: those all get index.html, and the UI reads the address itself.
// `files` must outlive the call and hold "/index.html".
std::optional<AssetReply> FindAsset(std::span<const EmbeddedFile> files,
                                    const net::RequestHead& request);
// Whether it has an answer.
bool IsForAsset(std::span<const EmbeddedFile> files, const net::RequestHead& request);

}  // namespace clew::serve
