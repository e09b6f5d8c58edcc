// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "net/body_budget.h"
#include "net/end_reason.h"
#include "net/http.h"
#include "net/signal.h"

struct nghttp2_session;

namespace clew::net {

// One request and response inside an HTTP/2 connection. Shared by the session
// and the exchange that uses it, so that either may go first.
struct Http2Stream {
  explicit Http2Stream(BodiesOfLoop* bodies = nullptr) : held(bodies) {}

  int32_t id = 0;

  // What the peer sends.
  RequestHead request;    // on a server
  ResponseHead response;  // on a client
  Headers trailers;
  std::string input;  // arrived and not taken
  HeldBody held;      // all that has arrived, until the exchange has ended
  size_t header_bytes = 0;
  bool head_complete = false;
  bool input_ended = false;
  bool headers_too_large = false;
  bool discard_input = false;
  bool input_refused = false;  // there was no room for it
  bool reset_counted = false;
  bool dispatched = false;  // a handler has it

  // What we send: a view into the writer's memory, which waits until it is taken.
  std::string_view output;
  std::string copied_output;
  Headers output_trailers;
  bool output_started = false;
  bool output_ended = false;  // nothing will be queued after `output`
  bool output_taken = false;  // its last frame has left the session; before, a reset would drop it

  bool closed = false;
  uint32_t close_code = 0;  // of RFC 9113, when closed
  bool changed = false;     // is in the list of TakeChanged

  Signal input_signal;   // head, input or the end of them
  Signal output_signal;  // output taken, or closed
};

enum class Http2Role : uint8_t { kServer, kClient };

// The protocol of one HTTP/2 connection without its socket: bytes in, bytes out,
// streams with changes in between. Wraps nghttp2. Windows open only as the
// reader takes bytes, so a slow handler slows its client. Never resumes anybody:
// the owner takes the changed streams and does. One thread only.
class Http2Session {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  using StreamPointer = std::shared_ptr<Http2Stream>;

  // What streams are sent is counted among `bodies`; null: it is not.
  explicit Http2Session(Http2Role role, BodiesOfLoop* bodies = nullptr);
  ~Http2Session();
  Http2Session(const Http2Session&) = delete;
  Http2Session& operator=(const Http2Session&) = delete;

  // An error ends the connection; the GOAWAY that says so is still to be sent.
  base::Status Receive(std::string_view bytes, TimePoint now);
  // Appends frames to `out` until it holds about `limit_bytes` or none are left.
  base::Status Send(std::string& out, size_t limit_bytes);
  // Nothing will be read or written any more.
  bool done() const;

  // Streams with something new since the last call.
  std::vector<StreamPointer> TakeChanged();

  // Client. The session may keep a request until the peer allows one more stream.
  base::Result<StreamPointer> SubmitRequest(const RequestHead& head, bool has_body);
  bool may_open_streams() const;

  // Server. With `ends` there is no body and no trailers.
  void SubmitResponse(Http2Stream& stream, const ResponseHead& head, bool ends);
  void SubmitContinue(Http2Stream& stream);

  // `piece` must hold until stream.output is empty or the stream is closed.
  void QueueBody(Http2Stream& stream, std::string_view piece);
  void EndBody(Http2Stream& stream, Headers trailers);
  // Opens the windows by bytes that were taken from the input.
  void Consume(Http2Stream& stream, size_t bytes);
  // Nobody will read the input any more: it is dropped as it comes.
  void DiscardInput(Http2Stream& stream);
  void Reset(Http2Stream& stream, uint32_t code);

  // Tells the peer to open no more streams; done() once the open ones have ended.
  void StartShutdown();
  // At once, whatever runs; `why`, if it is in defence.
  void Terminate(uint32_t code, std::optional<EndReason> why = {});
  void NoteEnd(EndReason why);
  // The connection is gone: closes every stream here.
  void CloseAllStreams();

  Http2Role role() const { return role_; }
  // The first reason to end that was noted: the others follow from it.
  std::optional<EndReason> end_reason() const { return end_reason_; }
  size_t open_streams() const { return streams_.size(); }
  // Server. The stream whose head has begun and not ended, 0 if there is none: until it ends
  // the peer may send nothing else.
  int32_t unfinished_head() const;

 private:
  struct Callbacks;
  friend struct Callbacks;

  Http2Stream* Find(int32_t id) const;
  void MarkChanged(int32_t id);
  void Close(int32_t id, uint32_t code);
  void Defend(bool excess, EndReason why);
  void CountControlFrame();
  void CountReset(Http2Stream& stream);
  void AddField(Http2Stream& stream, std::string_view name, std::string_view value,
                bool is_trailer);
  void CompleteHead(Http2Stream& stream);

  const Http2Role role_;
  BodiesOfLoop* const bodies_;
  nghttp2_session* session_ = nullptr;
  std::unordered_map<int32_t, StreamPointer> streams_;
  std::vector<StreamPointer> changed_;
  TimePoint now_{};
  TimePoint control_window_start_{};
  uint64_t control_frames_ = 0;
  uint64_t opened_streams_ = 0;
  int32_t newest_stream_ = 0;
  uint64_t reset_streams_ = 0;
  bool terminated_ = false;
  bool shutdown_started_ = false;
  bool peer_goaway_ = false;
  std::optional<EndReason> end_reason_;
};

// RFC 9113 section 7.
inline constexpr uint32_t kHttp2NoError = 0x0;
inline constexpr uint32_t kHttp2ProtocolError = 0x1;
inline constexpr uint32_t kHttp2InternalError = 0x2;
inline constexpr uint32_t kHttp2RefusedStream = 0x7;
inline constexpr uint32_t kHttp2Cancel = 0x8;
inline constexpr uint32_t kHttp2EnhanceYourCalm = 0xb;

}  // namespace clew::net
