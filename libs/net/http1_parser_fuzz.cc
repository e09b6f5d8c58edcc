// SPDX-License-Identifier: Apache-2.0
//
// Property: what is read from a stream of messages depends on its bytes alone:
// fed at once or byte by byte, the messages, bodies and the final error are equal.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "net/http1_parser.h"

namespace {

using clew::net::Http1BodyReader;
using clew::net::Http1HeadFinder;

// Reads requests (or responses) and writes down what it saw.
class Transcript {
 public:
  explicit Transcript(bool responses) : responses_(responses) {}

  void Feed(std::string_view bytes) {
    buffer_ += bytes;
    while (!ended_ && Advance()) {
    }
  }
  const std::string& text() const { return text_; }

 private:
  bool Advance() {
    if (!in_body_) return ReadHead();
    const Http1BodyReader::Step step = body_.Read(buffer_);
    text_ += step.data;
    buffer_.erase(0, step.consumed);
    if (body_.failed()) End(body_.error());
    if (body_.done()) {
      for (const clew::net::Header field : body_.trailers()) {
        text_.append("|").append(field.name).append("=").append(field.value);
      }
      in_body_ = false;
      return true;
    }
    return step.consumed > 0;
  }

  bool ReadHead() {
    const Http1HeadFinder::Found found = finder_.Find(buffer_);
    if (found == Http1HeadFinder::Found::kNo) return false;
    if (found == Http1HeadFinder::Found::kError) return End(finder_.error().message);
    const std::string head = buffer_.substr(finder_.start(), finder_.length() - finder_.start());
    buffer_.erase(0, finder_.length());
    finder_.Reset();
    clew::net::Http1Request request;
    clew::net::Http1Response response;
    const auto error =
        responses_ ? ParseResponseHead(head, false, &response) : ParseRequestHead(head, &request);
    if (error) return End(error->message);
    text_ += "\n" + request.head.method + " " + request.head.target + " " + head;
    body_ = Http1BodyReader(responses_ ? response.framing : request.framing);
    in_body_ = true;
    return true;
  }

  bool End(const std::string& error) {
    text_ += "!" + error;
    ended_ = true;
    return false;
  }

  bool responses_;
  bool ended_ = false;
  bool in_body_ = false;
  std::string buffer_;
  std::string text_;
  Http1HeadFinder finder_;
  Http1BodyReader body_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const bool responses = bytes.starts_with("HTTP");
  Transcript whole(responses);
  whole.Feed(bytes);
  Transcript pieces(responses);
  for (const char& c : bytes) pieces.Feed(std::string_view(&c, 1));
  if (whole.text() != pieces.text()) abort();
  return 0;
}
