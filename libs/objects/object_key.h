// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.h"

namespace clew::objects {

// kInvalidArgument, naming it, when it is not the key of an object (see ObjectStore).
base::Status CheckKey(std::string_view key);

}  // namespace clew::objects
