// SPDX-License-Identifier: Apache-2.0
#include "net/ended_connections.h"

namespace clew::net {
namespace {

std::string_view SentenceOf(EndReason reason) {
  switch (reason) {
    case EndReason::kResets:
      return "it had most of its streams reset before they were answered";
    case EndReason::kControlFrames:
      return "it sent more frames that carry nothing than anybody needs";
    case EndReason::kContinuations:
      return "a head came in too many frames";
    case EndReason::kLargeHead:
      return "a head was too large";
    case EndReason::kSlowHead:
      return "a head did not arrive in time";
    case EndReason::kSlowBody:
      return "a body did not arrive in time";
    case EndReason::kUnreadAnswer:
      return "it did not read what was sent to it";
    case EndReason::kMalformed:
      return "it did not keep to the rules of HTTP";
    case EndReason::kShortage:
      return "it did nothing, and there is room for few more connections";
  }
  return "";
}

}  // namespace

std::string_view NameOf(EndReason reason) {
  switch (reason) {
    case EndReason::kResets:
      return "resets";
    case EndReason::kControlFrames:
      return "control_frames";
    case EndReason::kContinuations:
      return "continuations";
    case EndReason::kLargeHead:
      return "large_head";
    case EndReason::kSlowHead:
      return "slow_head";
    case EndReason::kSlowBody:
      return "slow_body";
    case EndReason::kUnreadAnswer:
      return "unread_answer";
    case EndReason::kMalformed:
      return "malformed";
    case EndReason::kShortage:
      return "shortage";
  }
  return "";
}

void EndedConnections::Note(EndReason reason, std::string_view client) {
  counts_[static_cast<size_t>(reason)].Add();
  std::string line = "ended a connection (" + std::string(NameOf(reason)) + ")";
  if (!port_.empty()) line += " to " + port_;
  line.append(" from ").append(client).append(": ").append(SentenceOf(reason));
  warnings_[static_cast<size_t>(reason)].Note(line);
}

}  // namespace clew::net
