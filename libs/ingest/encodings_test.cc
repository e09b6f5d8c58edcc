// SPDX-License-Identifier: Apache-2.0
// Every receiver takes every encoding, and none of them more than the limit.
#include <gmock/gmock.h>
#include <libdeflate.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/compression.h"
#include "base/test_packers.h"
#include "ingest/limits.h"
#include "ingest/receivers_fixture.h"

namespace clew::ingest {
namespace {

using testing::Each;

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

  // The status of the answer of each receiver over HTTP, and of each over gRPC.
  std::vector<int> PostEverywhere(const std::string& body, const char* encoding) {
    return {Export(body, "application/x-protobuf", encoding).head.status,
            Export(body, "application/json", encoding).head.status,
            Submit(body, "application/x-thrift", encoding).head.status,
            Report("/api/v2/spans", body, "", encoding).head.status,
            Report("/api/v1/spans", body, "", encoding).head.status};
  }
  std::vector<std::string> CallEverywhere(const std::string& message, const char* encoding) {
    return {CallPacked(grpc_port(), kOtlpTraceExport, message, encoding),
            CallPacked(grpc_port(), kJaegerPostSpans, message, encoding),
            CallPacked(zipkin_port(), kZipkinReport, message, encoding)};
  }
};

TEST_F(Encodings, OfOtlpOverHttp) {
  ExpectTaken(GoodRequest(), [this](const std::string& packed, const char* encoding) {
    return Export(packed, "application/x-protobuf", encoding).head.status == 200;
  });
}

TEST_F(Encodings, OfOtlpInJson) {
  const std::string json =
      R"({"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"work","spanId":"0102030405060708",)"
      R"("traceId":"0102030405060708090a0b0c0d0e0f10"}]}]}]})";
  ExpectTaken(json, [this](const std::string& packed, const char* encoding) {
    return Export(packed, "application/json", encoding).head.status == 200;
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

TEST_F(Encodings, OfJaegerOverGrpc) {
  const std::string span = Field(1, std::string(16, 'j')) + Field(2, "12345678") + Field(3, "buy");
  const std::string request = Field(1, Field(1, span));
  ExpectTaken(request, [this](const std::string& packed, const char* encoding) {
    return CallPacked(grpc_port(), kJaegerPostSpans, packed, encoding) == "0";
  });
}

TEST_F(Encodings, OfZipkinOverGrpc) {
  const std::string list = Field(1, Field(1, std::string(16, 'z')) + Field(3, "12345678"));
  ExpectTaken(list, [this](const std::string& packed, const char* encoding) {
    return CallPacked(zipkin_port(), kZipkinReport, packed, encoding) == "0";
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
  EXPECT_EQ(CallPacked(grpc_port(), kJaegerGetSamplingStrategy, "x", "gzip"), "3");
  const std::string bomb = Gzip(std::string(kSamplingQuestionBytes + 1, '\0'));
  EXPECT_EQ(CallPacked(grpc_port(), kJaegerGetSamplingStrategy, bomb, "gzip"), "8");
}

TEST_F(Encodings, AreAllAnnouncedOverGrpc) {
  const std::pair<uint16_t, std::string_view> methods[] = {{grpc_port(), kOtlpTraceExport},
                                                           {grpc_port(), kJaegerPostSpans},
                                                           {grpc_port(), "/t.T/Unknown"},
                                                           {zipkin_port(), kZipkinReport}};
  for (const auto& [port, path] : methods) {
    const std::string announced =
        CallPackedForHeader(port, path, Gzip(GoodRequest()), "gzip", "grpc-accept-encoding");
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
    EXPECT_THAT(PostEverywhere(bomb, encoding.name), Each(413)) << encoding.name;
    EXPECT_THAT(CallEverywhere(bomb, encoding.name), Each("8")) << encoding.name;
  }
  EXPECT_EQ(Export(GoodRequest()).head.status, 200);
}

TEST_F(Encodings, ASizeOfFourGibibytesIsRefusedByEveryReceiver) {
  const std::string claim("\xff\xff\xff\xff\x0f", 5);
  EXPECT_THAT(PostEverywhere(claim, "snappy"), Each(413));
  EXPECT_THAT(CallEverywhere(claim, "snappy"), Each("8"));
}

TEST_F(Encodings, WhatIsNotOfItsEncodingIs400) {
  for (const Encoding& encoding : kEncodings) {
    EXPECT_THAT(PostEverywhere("garbage", encoding.name), Each(400)) << encoding.name;
    EXPECT_THAT(CallEverywhere("garbage", encoding.name), Each("3")) << encoding.name;
  }
}

// Over gRPC that is UNIMPLEMENTED, after which a client takes one that was announced.
TEST_F(Encodings, ThatAreUnknownAreRefusedByEveryReceiver) {
  EXPECT_THAT(PostEverywhere(GoodRequest(), "br"), Each(415));
  EXPECT_THAT(CallEverywhere(GoodRequest(), "br"), Each("12"));
}

}  // namespace
}  // namespace clew::ingest
