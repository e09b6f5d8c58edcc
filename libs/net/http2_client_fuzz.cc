// SPDX-License-Identifier: Apache-2.0
// Property: whatever a server sends, a client session neither crashes nor keeps more of an answer
// than its limits, and an answer comes only to what was asked.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "net/http2_limits.h"
#include "net/http2_session.h"

namespace {

using clew::net::Http2Session;

constexpr int kRequests = 3;

void Require(bool holds) {
  if (!holds) std::abort();
}

void Ask(Http2Session& session) {
  clew::net::RequestHead head;
  head.method = "GET";
  head.target = "/";
  head.scheme = "http";
  head.authority = "a";
  for (int i = 0; i < kRequests; ++i) (void)session.SubmitRequest(head, false);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Http2Session session(clew::net::Http2Role::kClient);
  Ask(session);
  std::string out;
  Require(session.Send(out, 1 << 20).ok());
  std::string input("\0\0\0\4\0\0\0\0\0", 9);  // its settings
  input.append(bytes);

  constexpr size_t kPieceBytes = 61;
  for (size_t at = 0; at < input.size(); at += kPieceBytes) {
    const bool going_on = session.Receive(std::string_view(input).substr(at, kPieceBytes), {}).ok();
    for (const Http2Session::StreamPointer& stream : session.TakeChanged()) {
      Require(stream->header_bytes <= clew::net::kHttp2MaxHeaderListBytes ||
              stream->headers_too_large);
      Require(stream->input.size() <= clew::net::kHttp2StreamWindowBytes);
      Require(stream->id % 2 == 1 && stream->id < 2 * kRequests);
      session.Consume(*stream, stream->input.size());
      stream->input.clear();
    }
    out.clear();
    if (!session.Send(out, 1 << 20).ok() || !going_on || session.done()) break;
    Require(session.open_streams() <= kRequests);
  }
  session.CloseAllStreams();
  Require(session.open_streams() == 0);
  return 0;
}
