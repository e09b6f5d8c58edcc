// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "wire/span_file.h"

namespace clew {

// The file of spans at `path`; "-" is the standard input. kNotFound, kIo, kTooLarge or
// kInvalidArgument, naming the file.
base::Result<std::unique_ptr<wire::SpanFile>> ReadImportFile(const std::string& path);

}  // namespace clew
