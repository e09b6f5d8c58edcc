// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"
#include "serve/api.h"

// The requests of tempopb.StreamingQuerier as those of the HTTP API: each field becomes the
// parameter that means the same, so that both have one set of rules. A field that is zero or
// empty was not given. kInvalidArgument when the bytes are no such message.
namespace clew::serve {

base::Result<ApiRequest> DecodeSearchRequest(std::string_view message);
base::Result<ApiRequest> DecodeTagsRequest(std::string_view message);
// The tag is the argument of the path.
base::Result<ApiRequest> DecodeTagValuesRequest(std::string_view message);
base::Result<ApiRequest> DecodeRangeRequest(std::string_view message);
base::Result<ApiRequest> DecodeInstantRequest(std::string_view message);

}  // namespace clew::serve
