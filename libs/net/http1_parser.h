// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "net/http.h"

namespace clew::net {

// How a message says where its body ends.
struct Http1Framing {
  enum class Kind : uint8_t { kNone, kLength, kChunked, kUntilClose };
  Kind kind = Kind::kNone;
  uint64_t length = 0;  // of kLength
};

// A message this parser refuses, and the status a server answers it with.
struct Http1Error {
  Http1Error() = default;
  Http1Error(int http_status, std::string what) : status(http_status), message(std::move(what)) {}

  int status = 400;
  std::string message;
};

// What a request head says about the connection, beyond RequestHead.
struct Http1Request {
  RequestHead head;
  Http1Framing framing;
  bool keep_alive = true;
  bool expects_continue = false;
};

struct Http1Response {
  ResponseHead head;
  Http1Framing framing;
  bool keep_alive = true;
};

// Finds the end of a head in a buffer that grows, looking at each byte once.
// Views nothing between calls.
class Http1HeadFinder {
 public:
  enum class Found : uint8_t { kNo, kYes, kError };

  // `bytes` start where the message starts and are those of the last call, plus more.
  Found Find(std::string_view bytes);
  size_t start() const { return start_; }    // past the empty lines before a request
  size_t length() const { return length_; }  // past the empty line, from the first byte
  const Http1Error& error() const { return error_; }
  void Reset() { *this = Http1HeadFinder(); }

 private:
  size_t scanned_ = 0;
  size_t line_start_ = 0;
  size_t start_ = 0;
  size_t length_ = 0;
  Http1Error error_;
};

// Reads a whole head (with its empty line). nullopt when all is well.
std::optional<Http1Error> ParseRequestHead(std::string_view bytes, Http1Request* request);
// `to_head`: the request was HEAD, so the response has no body whatever it says.
std::optional<Http1Error> ParseResponseHead(std::string_view bytes, bool to_head,
                                            Http1Response* response);

// Takes a body out of its framing, piece by piece.
class Http1BodyReader {
 public:
  explicit Http1BodyReader(Http1Framing framing = {});

  struct Step {
    size_t consumed = 0;    // of the bytes given
    std::string_view data;  // body bytes, within the bytes given
  };
  // One step: consumes framing up to and with at most one run of body bytes.
  Step Read(std::string_view bytes);

  bool done() const { return state_ == State::kDone; }
  bool failed() const { return state_ == State::kFailed; }
  bool until_close() const { return state_ == State::kUntilClose; }
  const std::string& error() const { return error_; }
  // Body bytes still to come where the framing tells, else 0.
  uint64_t known_remaining() const { return state_ == State::kData ? remaining_ : 0; }
  Headers& trailers() { return trailers_; }

 private:
  enum class State : uint8_t {
    kData,
    kUntilClose,
    kChunkSize,
    kChunkExtension,
    kChunkSizeEnd,
    kChunkEnd,
    kChunkEndLf,
    kTrailers,
    kDone,
    kFailed
  };
  void ReadFramingByte(char c);
  void ReadChunkSizeByte(char c);
  void ReadChunkExtensionByte(char c);
  void ReadTrailerByte(char c);
  void EndTrailers();
  void Fail(std::string_view why);

  State state_;
  bool chunked_;
  uint64_t remaining_;
  int size_digits_ = 0;
  size_t extension_bytes_ = 0;
  std::string trailer_bytes_;
  Headers trailers_;
  std::string error_;
};

}  // namespace clew::net
