// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "serve/api.h"
#include "serve/queries.h"
#include "serve/streaming/answer_feed.h"

namespace clew::serve {

// Answers one request on a worker: the messages of the whole answer. What is known before
// that may be offered to the feed.
using StreamAnswer = base::Result<std::vector<std::string>>(const ApiRequest& request,
                                                            QueryRun& run, AnswerFeed& feed);

StreamAnswer StreamSearch;
StreamAnswer StreamTagNames;   // of all scopes together
StreamAnswer StreamTagScopes;  // by scope
StreamAnswer StreamTagTexts;   // of a bare name
StreamAnswer StreamTagValues;  // of a TraceQL identifier, with their types
StreamAnswer StreamRange;
StreamAnswer StreamInstant;

}  // namespace clew::serve
