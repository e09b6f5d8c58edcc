// SPDX-License-Identifier: Apache-2.0
#include "query_watch.h"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <memory>
#include <thread>

#include "base/mutex.h"
#include "stop_signal.h"

namespace clew {
namespace {

constexpr std::chrono::seconds kDefaultPause{2};
constexpr double kMostSeconds = 86'400;

class Watcher {
 public:
  Watcher(QuerySource& source, const QueryCall& call, AnswerPrinter& printer)
      : source_(source), call_(call), printer_(printer) {}

  base::Status AskAndPrint() {
    const base::Result<QueryReply> reply = source_.Ask(call_);
    const base::MutexLock lock(printing_);
    if (!reply.ok()) return Failed(reply.error());
    failing_ = false;
    NotePartial(reply.value());
    TRY(printer_.PrintNew(reply.value().body));
    answered_ = true;
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return {};
    return base::Error{base::ErrorCode::kIo,
                       std::string("standard output: ") + std::strerror(errno)};
  }

  // Between two answers the process may end.
  bool MayLeave() {
    const base::MutexLock lock(printing_);
    return true;
  }

 private:
  base::Status Failed(const base::Error& error) REQUIRES_LOCK(printing_) {
    if (!answered_) return error;
    if (!failing_) std::fprintf(stderr, "clew query: %s; trying on\n", error.message.c_str());
    failing_ = true;
    return {};
  }

  QuerySource& source_;
  const QueryCall& call_;
  AnswerPrinter& printer_;
  base::Mutex printing_;
  bool answered_ GUARDED_BY(printing_) = false;
  bool failing_ GUARDED_BY(printing_) = false;
};

}  // namespace

base::Result<std::chrono::milliseconds> ParsePause(const std::string& text) {
  if (text.empty()) return std::chrono::milliseconds(kDefaultPause);
  double seconds = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, seconds);
  if (error == std::errc() && stop == end && seconds >= 0.1 && seconds <= kMostSeconds) {
    return std::chrono::milliseconds(static_cast<int64_t>(seconds * 1000));
  }
  return base::Error{base::ErrorCode::kInvalidArgument,
                     "--watch takes seconds, from 0.1 to 86400: " + text};
}

void NotePartial(const QueryReply& reply) {
  if (reply.partial.empty()) return;
  std::fprintf(stderr, "clew query: the answer may lack something: %s\n", reply.partial.c_str());
}

base::Status Watch(QuerySource& source, const QueryCall& call, AnswerPrinter& printer,
                   std::chrono::milliseconds pause) {
  // The thread that waits for signals outlives everything.
  const auto watcher = std::make_shared<Watcher>(source, call, printer);
  const StopSignal stop([watcher] { return watcher->MayLeave(); });
  while (true) {
    TRY(watcher->AskAndPrint());
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace clew
