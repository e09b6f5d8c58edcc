// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/storage.h"

namespace clew::base {

// Makes `contents` the file `name` of a directory, durably: it is written aside and renamed,
// so that a crash leaves the old one or the new one. One caller at a time for a name.
Status ReplaceFile(Storage& storage, const std::string& directory, const std::string& name,
                   std::string_view contents);

}  // namespace clew::base
