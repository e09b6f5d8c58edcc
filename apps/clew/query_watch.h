// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "answer_printer.h"
#include "base/result.h"
#include "query_source.h"

namespace clew {

// Seconds between two questions; empty: 2. kInvalidArgument when it is no such number.
base::Result<std::chrono::milliseconds> ParsePause(const std::string& text);

// Says on stderr why an answer may lack something, if it may.
void NotePartial(const QueryReply& reply);

// Asks again and again and prints what is new, until SIGINT or SIGTERM ends the process, with code
// 0 and not in the middle of an answer. Returns only when the first question is not answered:
// later it tries on, and says so.
base::Status Watch(QuerySource& source, const QueryCall& call, AnswerPrinter& printer,
                   std::chrono::milliseconds pause);

}  // namespace clew
