// SPDX-License-Identifier: Apache-2.0
#include "net/http2_session.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/check.h"
#include "net/http2_fields.h"
#include "net/http2_limits.h"
#include "net/limits.h"

namespace clew::net {

namespace {

std::string_view AsText(const uint8_t* bytes, size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

EndReason EndReasonOf(int error) {
  if (error == NGHTTP2_ERR_TOO_MANY_CONTINUATIONS) return EndReason::kContinuations;
  return error == NGHTTP2_ERR_FLOODED ? EndReason::kControlFrames : EndReason::kMalformed;
}

struct OptionDeleter {
  void operator()(nghttp2_option* option) const { nghttp2_option_del(option); }
};
struct CallbacksDeleter {
  void operator()(nghttp2_session_callbacks* all) const { nghttp2_session_callbacks_del(all); }
};

}  // namespace

// What nghttp2 calls back. Each is given the session as `self`, looks the stream
// up by its number (it may have been closed on our side already) and only notes
// what happened: nothing may re-enter nghttp2 to receive or send from here.
struct Http2Session::Callbacks {
  static Http2Session& Of(void* self) { return *static_cast<Http2Session*>(self); }

  static int OnBeginHeaders(nghttp2_session*, const nghttp2_frame* frame, void* self) {
    Http2Session& session = Of(self);
    if (session.role_ != Http2Role::kServer || frame->headers.cat != NGHTTP2_HCAT_REQUEST) return 0;
    ++session.opened_streams_;
    StreamPointer stream = std::make_shared<Http2Stream>(session.bodies_);
    stream->id = frame->hd.stream_id;
    stream->request.protocol = Protocol::kHttp2;
    session.newest_stream_ = stream->id;
    session.streams_.emplace(stream->id, std::move(stream));
    return 0;
  }

  // NOLINTBEGIN(readability-function-size): the library chooses the parameters
  static int OnHeader(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name,
                      size_t name_size, const uint8_t* value, size_t value_size, uint8_t,
                      void* self) {
    Http2Stream* const stream = Of(self).Find(frame->hd.stream_id);
    if (stream == nullptr) return 0;
    Of(self).AddField(*stream, AsText(name, name_size), AsText(value, value_size),
                      stream->head_complete);
    if (stream->header_bytes <= kHttp2BombBytes) return 0;
    Of(self).Terminate(kHttp2EnhanceYourCalm, EndReason::kLargeHead);
    return NGHTTP2_ERR_CALLBACK_FAILURE;  // nothing more of it is unpacked
  }

  static int OnFrame(nghttp2_session* raw, const nghttp2_frame* frame, void* self) {
    Http2Session& session = Of(self);
    switch (frame->hd.type) {
      case NGHTTP2_HEADERS:
        OnHeadersFrame(session, frame);
        break;
      case NGHTTP2_DATA:
        if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) {
          EndInput(session, frame->hd.stream_id);
        } else if (frame->hd.length == 0) {
          session.CountControlFrame();
        }
        break;
      case NGHTTP2_RST_STREAM:
        if (Http2Stream* const stream = session.Find(frame->hd.stream_id)) {
          session.CountReset(*stream);
        }
        break;
      case NGHTTP2_PING:
        if ((frame->hd.flags & NGHTTP2_FLAG_ACK) == 0) {
          session.CountControlFrame();
        } else if (session.shutdown_started_ && session.role_ == Http2Role::kServer) {
          // All that the client sent before it knew has arrived: name the last stream.
          nghttp2_submit_goaway(raw, NGHTTP2_FLAG_NONE,
                                nghttp2_session_get_last_proc_stream_id(raw), NGHTTP2_NO_ERROR,
                                nullptr, 0);
        }
        break;
      case NGHTTP2_GOAWAY:
        session.peer_goaway_ = true;
        break;
      case NGHTTP2_SETTINGS:
      case NGHTTP2_PRIORITY:
        if ((frame->hd.flags & NGHTTP2_FLAG_ACK) == 0) session.CountControlFrame();
        break;
      default:  // Frame types come from outside.
        break;
    }
    return 0;
  }

  static void OnHeadersFrame(Http2Session& session, const nghttp2_frame* frame) {
    Http2Stream* const stream = session.Find(frame->hd.stream_id);
    if (stream == nullptr) return;
    if (!stream->head_complete) session.CompleteHead(*stream);
    if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) stream->input_ended = true;
    session.MarkChanged(stream->id);
  }

  static void EndInput(Http2Session& session, int32_t id) {
    if (Http2Stream* const stream = session.Find(id)) stream->input_ended = true;
    session.MarkChanged(id);
  }

  static int OnData(nghttp2_session* raw, uint8_t, int32_t id, const uint8_t* bytes, size_t size,
                    void* self) {
    Http2Stream* const stream = Of(self).Find(id);
    if (stream == nullptr || stream->discard_input) {
      nghttp2_session_consume(raw, id, size);
      return 0;
    }
    if (stream->held.Grow(size)) {
      stream->input.append(AsText(bytes, size));
    } else {
      stream->input_refused = true;
      Of(self).DiscardInput(*stream);
      nghttp2_session_consume(raw, id, size);
    }
    Of(self).MarkChanged(id);
    return 0;
  }

  static int OnClose(nghttp2_session*, int32_t id, uint32_t code, void* self) {
    // A client can also have us reset its streams, by frames that are wrong.
    Http2Stream* const stream = Of(self).Find(id);
    if (stream != nullptr && code != kHttp2NoError) Of(self).CountReset(*stream);
    Of(self).Close(id, code);
    return 0;
  }

  static int OnSent(nghttp2_session*, const nghttp2_frame* frame, void* self) {
    // What the library ends by itself is for breaking the protocol.
    if (frame->hd.type == NGHTTP2_GOAWAY && frame->goaway.error_code != kHttp2NoError) {
      Of(self).NoteEnd(EndReason::kMalformed);
    }
    const bool carries_end = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
    if (!carries_end || (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) == 0) return 0;
    if (Http2Stream* const stream = Of(self).Find(frame->hd.stream_id)) stream->output_taken = true;
    Of(self).MarkChanged(frame->hd.stream_id);
    return 0;
  }

  static int OnNotSent(nghttp2_session*, const nghttp2_frame* frame, int, void* self) {
    // A request that could not leave, because the peer has said GOAWAY.
    if (frame->hd.type == NGHTTP2_HEADERS) Of(self).Close(frame->hd.stream_id, kHttp2RefusedStream);
    return 0;
  }

  static ssize_t OnWantBody(nghttp2_session* raw, int32_t id, uint8_t* into, size_t size,
                            uint32_t* flags, nghttp2_data_source*, void* self) {
    Http2Stream* const stream = Of(self).Find(id);
    if (stream == nullptr) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    const size_t taken = stream->output.copy(reinterpret_cast<char*>(into), size);
    stream->output.remove_prefix(taken);
    if (!stream->output.empty()) return static_cast<ssize_t>(taken);

    Of(self).MarkChanged(id);
    if (!stream->output_ended) {
      return taken > 0 ? static_cast<ssize_t>(taken) : static_cast<ssize_t>(NGHTTP2_ERR_DEFERRED);
    }
    *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (stream->output_trailers.size() > 0) {
      *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
      Http2Fields fields;
      fields.AddAll(stream->output_trailers);
      nghttp2_submit_trailer(raw, id, fields.data(), fields.size());
    }
    return static_cast<ssize_t>(taken);
  }

  // As much as the windows and the peer's frame size allow.
  static ssize_t OnFrameSize(nghttp2_session*, uint8_t, int32_t, int32_t connection_window,
                             int32_t stream_window, uint32_t max_frame, void*) {
    const int64_t window = std::min(connection_window, stream_window);
    return std::clamp<ssize_t>(std::min<int64_t>(window, max_frame), 1, kHttp2WriteBatchBytes);
  }

  // NOLINTEND(readability-function-size)

  static void Install(nghttp2_session_callbacks* all) {
    nghttp2_session_callbacks_set_on_begin_headers_callback(all, OnBeginHeaders);
    nghttp2_session_callbacks_set_on_header_callback(all, OnHeader);
    nghttp2_session_callbacks_set_on_frame_recv_callback(all, OnFrame);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(all, OnData);
    nghttp2_session_callbacks_set_on_stream_close_callback(all, OnClose);
    nghttp2_session_callbacks_set_on_frame_send_callback(all, OnSent);
    nghttp2_session_callbacks_set_on_frame_not_send_callback(all, OnNotSent);
    nghttp2_session_callbacks_set_data_source_read_length_callback(all, OnFrameSize);
  }
};

Http2Session::Http2Session(Http2Role role, BodiesOfLoop* bodies) : role_(role), bodies_(bodies) {
  nghttp2_option* raw_option = nullptr;
  nghttp2_session_callbacks* raw_callbacks = nullptr;
  CHECK(nghttp2_option_new(&raw_option) == 0);
  CHECK(nghttp2_session_callbacks_new(&raw_callbacks) == 0);
  const std::unique_ptr<nghttp2_option, OptionDeleter> option(raw_option);
  const std::unique_ptr<nghttp2_session_callbacks, CallbacksDeleter> callbacks(raw_callbacks);
  nghttp2_option_set_no_auto_window_update(option.get(), 1);
  nghttp2_option_set_max_outbound_ack(option.get(), kHttp2MaxWaitingAcks);
  nghttp2_option_set_max_settings(option.get(), kHttp2MaxSettingsEntries);
  nghttp2_option_set_max_continuations(option.get(), kHttp2MaxContinuations);
  // Streams that have ended are not kept for their place in a priority tree.
  nghttp2_option_set_no_closed_streams(option.get(), 1);
  Callbacks::Install(callbacks.get());
  const bool server = role == Http2Role::kServer;
  const auto create = server ? nghttp2_session_server_new2 : nghttp2_session_client_new2;
  CHECK(create(&session_, callbacks.get(), this, option.get()) == 0);

  std::vector<nghttp2_settings_entry> settings = {
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kHttp2StreamWindowBytes},
      {NGHTTP2_SETTINGS_MAX_FRAME_SIZE, kHttp2MaxFrameBytes},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, kHttp2MaxHeaderListBytes}};
  if (server) {
    settings.push_back({NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, kHttp2MaxStreams});
  } else {
    settings.push_back({NGHTTP2_SETTINGS_ENABLE_PUSH, 0});
  }
  CHECK(nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings.data(), settings.size()) ==
        0);
  CHECK(nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0,
                                              kHttp2ConnectionWindowBytes) == 0);
}

Http2Session::~Http2Session() {
  nghttp2_session_del(session_);
}

base::Status Http2Session::Receive(std::string_view bytes, TimePoint now) {
  now_ = now;
  const ssize_t taken = nghttp2_session_mem_recv(
      session_, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  if (taken < 0) {
    const char* const reason = nghttp2_strerror(static_cast<int>(taken));
    Terminate(kHttp2ProtocolError, EndReasonOf(static_cast<int>(taken)));
    return base::Error{base::ErrorCode::kInvalidArgument,
                       std::string("http/2 peer broke the protocol: ") + reason};
  }
  return {};
}

base::Status Http2Session::Send(std::string& out, size_t limit_bytes) {
  while (out.size() < limit_bytes) {
    const uint8_t* bytes = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session_, &bytes);
    if (size < 0) {
      return base::Error{base::ErrorCode::kIo, std::string("cannot make http/2 frames: ") +
                                                   nghttp2_strerror(static_cast<int>(size))};
    }
    if (size == 0) break;
    out.append(AsText(bytes, static_cast<size_t>(size)));
  }
  return {};
}

bool Http2Session::done() const {
  return nghttp2_session_want_read(session_) == 0 && nghttp2_session_want_write(session_) == 0;
}

std::vector<Http2Session::StreamPointer> Http2Session::TakeChanged() {
  for (const StreamPointer& stream : changed_) stream->changed = false;
  return std::exchange(changed_, {});
}

base::Result<Http2Session::StreamPointer> Http2Session::SubmitRequest(const RequestHead& head,
                                                                      bool has_body) {
  Http2Fields fields;
  fields.AddRequest(head);
  nghttp2_data_provider provider{{.ptr = nullptr}, Callbacks::OnWantBody};
  const int32_t id = nghttp2_submit_request(session_, nullptr, fields.data(), fields.size(),
                                            has_body ? &provider : nullptr, nullptr);
  if (id < 0) {
    return base::Error{base::ErrorCode::kUnavailable,
                       std::string("cannot open an http/2 stream: ") + nghttp2_strerror(id)};
  }
  StreamPointer stream = std::make_shared<Http2Stream>();
  stream->id = id;
  stream->output_started = true;
  stream->output_ended = !has_body;
  streams_.emplace(id, stream);
  return stream;
}

int32_t Http2Session::unfinished_head() const {
  const Http2Stream* const stream = Find(newest_stream_);
  return stream == nullptr || stream->head_complete ? 0 : stream->id;
}

bool Http2Session::may_open_streams() const {
  return !peer_goaway_ && !terminated_ && !shutdown_started_ &&
         nghttp2_session_check_request_allowed(session_) != 0;
}

void Http2Session::SubmitResponse(Http2Stream& stream, const ResponseHead& head, bool ends) {
  if (stream.closed) return;
  Http2Fields fields;
  fields.AddResponse(head);
  nghttp2_data_provider provider{{.ptr = nullptr}, Callbacks::OnWantBody};
  stream.output_started = true;
  if (ends) stream.output_ended = true;
  nghttp2_submit_response(session_, stream.id, fields.data(), fields.size(),
                          ends ? nullptr : &provider);
}

void Http2Session::SubmitContinue(Http2Stream& stream) {
  if (stream.closed) return;
  Http2Fields fields;
  fields.AddResponse({.status = 100, .headers = {}, .content_length = {}});
  nghttp2_submit_headers(session_, NGHTTP2_FLAG_NONE, stream.id, nullptr, fields.data(),
                         fields.size(), nullptr);
}

void Http2Session::QueueBody(Http2Stream& stream, std::string_view piece) {
  if (stream.closed) return;
  stream.output = piece;
  nghttp2_session_resume_data(session_, stream.id);
}

void Http2Session::EndBody(Http2Stream& stream, Headers trailers) {
  if (stream.closed || stream.output_ended) return;
  stream.output_trailers = std::move(trailers);
  stream.output_ended = true;
  nghttp2_session_resume_data(session_, stream.id);
}

void Http2Session::Consume(Http2Stream& stream, size_t bytes) {
  if (bytes > 0) nghttp2_session_consume(session_, stream.id, bytes);
}

void Http2Session::DiscardInput(Http2Stream& stream) {
  stream.discard_input = true;
  Consume(stream, stream.input.size());
  stream.input.clear();
}

void Http2Session::Reset(Http2Stream& stream, uint32_t code) {
  if (stream.closed) return;
  nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream.id, code);
  Close(stream.id, code);
}

void Http2Session::StartShutdown() {
  if (shutdown_started_ || terminated_) return;
  shutdown_started_ = true;
  if (role_ == Http2Role::kClient) {
    nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE, 0, NGHTTP2_NO_ERROR, nullptr, 0);
    return;
  }
  nghttp2_submit_shutdown_notice(session_);
  nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, nullptr);
}

void Http2Session::Terminate(uint32_t code, std::optional<EndReason> why) {
  if (terminated_) return;
  terminated_ = true;
  if (why) NoteEnd(*why);
  nghttp2_session_terminate_session(session_, code);
}

void Http2Session::NoteEnd(EndReason why) {
  if (!end_reason_) end_reason_ = why;
}

void Http2Session::CloseAllStreams() {
  while (!streams_.empty()) Close(streams_.begin()->first, kHttp2Cancel);
}

Http2Stream* Http2Session::Find(int32_t id) const {
  const auto found = streams_.find(id);
  return found == streams_.end() ? nullptr : found->second.get();
}

void Http2Session::MarkChanged(int32_t id) {
  const auto found = streams_.find(id);
  if (found == streams_.end() || found->second->changed) return;
  found->second->changed = true;
  changed_.push_back(found->second);
}

void Http2Session::Close(int32_t id, uint32_t code) {
  MarkChanged(id);
  const auto found = streams_.find(id);
  if (found == streams_.end()) return;
  Http2Stream& stream = *found->second;
  stream.closed = true;
  stream.close_code = code;
  stream.output = {};
  streams_.erase(found);
}

// A peer that makes us work for nothing is sent away.
void Http2Session::Defend(bool excess, EndReason why) {
  if (excess) Terminate(kHttp2EnhanceYourCalm, why);
}

void Http2Session::CountControlFrame() {
  if (now_ - control_window_start_ >= kHttp2ControlFrameWindow) {
    control_window_start_ = now_;
    control_frames_ = 0;
  }
  Defend(++control_frames_ > kHttp2MaxControlFrames, EndReason::kControlFrames);
}

void Http2Session::CountReset(Http2Stream& stream) {
  if (role_ != Http2Role::kServer || stream.output_taken) return;
  if (std::exchange(stream.reset_counted, true)) return;
  ++reset_streams_;
  Defend(
      reset_streams_ > kHttp2FreeResets && reset_streams_ * kHttp2StreamsPerReset > opened_streams_,
      EndReason::kResets);
}

void Http2Session::AddField(Http2Stream& stream, std::string_view name, std::string_view value,
                            bool is_trailer) {
  stream.header_bytes += name.size() + value.size() + kHttp2FieldOverheadBytes;
  Headers& fields = is_trailer                    ? stream.trailers
                    : role_ == Http2Role::kServer ? stream.request.headers
                                                  : stream.response.headers;
  if (stream.header_bytes > kHttp2MaxHeaderListBytes || fields.size() >= kMaxHeaderFields) {
    stream.headers_too_large = true;
    return;
  }
  if (!is_trailer && name.starts_with(':')) {
    if (role_ == Http2Role::kServer) {
      SetPseudoField(stream.request, name, value);
    } else if (name == ":status") {
      std::from_chars(value.data(), value.data() + value.size(), stream.response.status);
    }
    return;
  }
  fields.Add(std::string(name), std::string(value));
}

void Http2Session::CompleteHead(Http2Stream& stream) {
  if (role_ == Http2Role::kServer) {
    CompleteRequest(stream.request);
    stream.head_complete = true;
    return;
  }
  if (stream.response.status < 200) {  // interim: the real one follows
    stream.response = {};
    return;
  }
  stream.response.content_length = ContentLength(stream.response.headers);
  stream.head_complete = true;
}

}  // namespace clew::net
