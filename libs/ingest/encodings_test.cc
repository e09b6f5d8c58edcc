// SPDX-License-Identifier: Apache-2.0
// Every receiver takes every encoding, and none of them more than the limit.
#include <gmock/gmock.h>
#include <libdeflate.h>

#include <functional>
#include <memory>
#include <string>

#include "base/compression.h"
#include "base/test_packers.h"
#include "ingest/receivers_fixture.h"

namespace clew::ingest {
namespace {

// How deflate is written: with zlib's head and checksum, or without.
using Deflate = size_t (*)(libdeflate_compressor*, const void*, size_t, void*, size_t);

std::string Deflated(const std::string& plain, Deflate deflate) {
  const std::unique_ptr<libdeflate_compressor, decltype(&libdeflate_free_compressor)> compressor(
      libdeflate_alloc_compressor(6), &libdeflate_free_compressor);
  std::string out(libdeflate_zlib_compress_bound(compressor.get(), plain.size()), '\0');
  out.resize(deflate(compressor.get(), plain.data(), plain.size(), out.data(), out.size()));
  return out;
}

std::string Zlib(const std::string& plain) {
  return Deflated(plain, libdeflate_zlib_compress);
}

std::string RawDeflate(const std::string& plain) {
  return Deflated(plain, libdeflate_deflate_compress);
}

std::string Gzip(const std::string& plain) {
  return base::GzipCompress(plain);
}

struct Encoding {
  const char* name;
  std::string (*pack)(const std::string& plain);
};
constexpr Encoding kEncodings[] = {
    {"gzip", Gzip},
    {"x-gzip", Gzip},
    {"zstd", base::Zstd},
    {"deflate", Zlib},
    {"deflate", RawDeflate},
    {"zlib", Zlib},
    {"snappy", base::SnappyBlock},
    {"snappy", base::SnappyFrames},
    {"x-snappy-framed", base::SnappyFrames},
    {"lz4", base::Lz4},
    {"GZIP", Gzip},
};

class Encodings : public Receivers {
 protected:
  // Sends a good body, packed, with every encoding to every receiver. `send` packs it and tells
  // whether it was taken.
  void ExpectTaken(const std::string& plain,
                   const std::function<bool(const std::string&, const char*)>& send) {
    uint64_t bodies = 0;
    for (const Encoding& encoding : kEncodings) {
      EXPECT_TRUE(send(encoding.pack(plain), encoding.name)) << encoding.name << ' ' << bodies;
      ++bodies;
    }
    // The same bytes under another name are the same body.
    const ingest::Ingestor::Counters counters = ingestor().counters();
    EXPECT_EQ(counters.accepted_spans + counters.duplicate_requests, bodies);
    EXPECT_EQ(counters.refused_requests, 0u);
  }
};

TEST_F(Encodings, OfOtlpOverHttp) {
  ExpectTaken(GoodRequest(), [this](const std::string& packed, const char* encoding) {
    return Export(packed, "application/x-protobuf", encoding).head.status == 200;
  });
}

TEST_F(Encodings, OfJaegerThrift) {
  ExpectTaken(ThriftBatch(), [this](const std::string& packed, const char* encoding) {
    return Submit(packed, "application/x-thrift", encoding).head.status == 202;
  });
}

TEST_F(Encodings, OfZipkin) {
  const std::string json = R"([{"traceId":"0102030405060708","id":"0102030405060708"}])";
  ExpectTaken(json, [this](const std::string& packed, const char* encoding) {
    return Report("/api/v2/spans", packed, "application/json", encoding).head.status == 202;
  });
}

TEST_F(Encodings, OfOtlpOverGrpc) {
  ExpectTaken(GoodRequest(), [this](const std::string& packed, const char* encoding) {
    return CallPacked(grpc_port(), kOtlpTraceExport, packed, encoding) == "0";
  });
}

TEST_F(Encodings, OfAQuestionForASamplingStrategy) {
  for (const Encoding& encoding : kEncodings) {
    EXPECT_EQ(CallPacked(grpc_port(), kJaegerGetSamplingStrategy, encoding.pack("\x0a\x01x"),
                         encoding.name),
              "0")
        << encoding.name;
  }
  EXPECT_EQ(CallPacked(grpc_port(), kJaegerGetSamplingStrategy, "x", "br"), "12");
}

TEST_F(Encodings, AreAllAnnouncedOverGrpc) {
  for (const char* path : {kOtlpTraceExport.data(), "/t.T/Unknown"}) {
    const std::string announced =
        CallPackedForHeader(grpc_port(), path, Gzip(GoodRequest()), "gzip", "grpc-accept-encoding");
    EXPECT_EQ(announced, "identity,gzip,deflate,zstd,snappy,lz4") << path;
  }
}

// Far more than may come out, from little.
std::string Bomb() {
  return std::string(4 * kTestInflatedLimit, '\0');
}

TEST_F(Encodings, ABombIsRefusedByEveryReceiver) {
  for (const Encoding& encoding : kEncodings) {
    const std::string bomb = encoding.pack(Bomb());
    ASSERT_LT(bomb.size(), kTestBodyLimit);
    EXPECT_EQ(Export(bomb, "application/x-protobuf", encoding.name).head.status, 413);
    EXPECT_EQ(Submit(bomb, "application/x-thrift", encoding.name).head.status, 413);
    EXPECT_EQ(Report("/api/v2/spans", bomb, "", encoding.name).head.status, 413);
    EXPECT_EQ(Report("/api/v1/spans", bomb, "", encoding.name).head.status, 413);
    EXPECT_EQ(CallPacked(grpc_port(), kOtlpTraceExport, bomb, encoding.name), "8");
    EXPECT_EQ(CallPacked(zipkin_port(), kZipkinReport, bomb, encoding.name), "8");
  }
  EXPECT_EQ(Export(GoodRequest()).head.status, 200);
}

TEST_F(Encodings, ASizeOfFourGibibytesIsRefusedByEveryReceiver) {
  const std::string claim("\xff\xff\xff\xff\x0f", 5);
  EXPECT_EQ(Export(claim, "application/x-protobuf", "snappy").head.status, 413);
  EXPECT_EQ(Submit(claim, "application/x-thrift", "snappy").head.status, 413);
  EXPECT_EQ(Report("/api/v2/spans", claim, "", "snappy").head.status, 413);
  EXPECT_EQ(CallPacked(grpc_port(), kOtlpTraceExport, claim, "snappy"), "8");
  EXPECT_EQ(CallPacked(zipkin_port(), kZipkinReport, claim, "snappy"), "8");
}

TEST_F(Encodings, WhatIsNotOfItsEncodingIs400) {
  for (const Encoding& encoding : kEncodings) {
    EXPECT_EQ(Export("garbage", "application/x-protobuf", encoding.name).head.status, 400);
    EXPECT_EQ(Submit("garbage", "application/x-thrift", encoding.name).head.status, 400);
    EXPECT_EQ(Report("/api/v2/spans", "garbage", "", encoding.name).head.status, 400);
    EXPECT_EQ(CallPacked(grpc_port(), kOtlpTraceExport, "garbage", encoding.name), "3");
  }
}

}  // namespace
}  // namespace clew::ingest
