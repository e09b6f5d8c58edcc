// SPDX-License-Identifier: Apache-2.0
#include "wire/content_encoding.h"

#include "base/compression.h"

namespace clew::wire {
namespace {

base::Codec CodecOf(ContentEncoding encoding) {
  switch (encoding) {
    case ContentEncoding::kIdentity:
      return base::Codec::kNone;
    case ContentEncoding::kGzip:
      return base::Codec::kGzip;
    case ContentEncoding::kDeflate:
      return base::Codec::kDeflate;
    case ContentEncoding::kZstd:
      return base::Codec::kZstd;
    case ContentEncoding::kLz4:
      return base::Codec::kLz4;
    case ContentEncoding::kSnappy:
      return base::Codec::kSnappy;
  }
  return base::Codec::kNone;
}

}  // namespace

base::Result<std::string> Inflate(ContentEncoding encoding, std::string_view body,
                                  size_t limit_bytes) {
  return base::Decompress(CodecOf(encoding), body, limit_bytes);
}

}  // namespace clew::wire
