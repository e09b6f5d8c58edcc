// SPDX-License-Identifier: Apache-2.0
//
// Property: whatever a client sends, a server session neither crashes nor keeps
// more than its limits: at most the streams it allowed, their windows of input,
// and heads within the limit. Every request is answered and read.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "net/http2_limits.h"
#include "net/http2_session.h"

namespace {

using clew::net::Http2Session;

void Require(bool holds) {
  if (!holds) std::abort();
}

// Answers one stream as a handler would, a step for each change.
void Serve(Http2Session& session, clew::net::Http2Stream& stream) {
  Require(stream.header_bytes <= clew::net::kHttp2MaxHeaderListBytes || stream.headers_too_large);
  Require(stream.input.size() <= clew::net::kHttp2StreamWindowBytes);
  session.Consume(stream, stream.input.size());
  stream.input.clear();
  if (!stream.head_complete || stream.output_started) return;
  session.SubmitResponse(stream, {}, false);
  session.QueueBody(stream, "answer");
  session.EndBody(stream, {{"grpc-status", "0"}});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Http2Session session(clew::net::Http2Role::kServer);
  std::string input = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  input.append(std::string_view("\0\0\0\4\0\0\0\0\0", 9)).append(bytes);

  constexpr size_t kPieceBytes = 61;
  for (size_t at = 0; at < input.size(); at += kPieceBytes) {
    const bool going_on = session.Receive(std::string_view(input).substr(at, kPieceBytes), {}).ok();
    for (const Http2Session::StreamPointer& stream : session.TakeChanged()) Serve(session, *stream);
    std::string out;
    if (!session.Send(out, 1 << 20).ok() || !going_on || session.done()) break;
    Require(session.open_streams() <= clew::net::kHttp2MaxStreams);
  }
  session.CloseAllStreams();
  Require(session.open_streams() == 0);
  return 0;
}
