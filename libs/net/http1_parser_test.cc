// SPDX-License-Identifier: Apache-2.0
#include "net/http1_parser.h"

#include <gtest/gtest.h>

namespace clew::net {
namespace {

int StatusOf(std::string_view head) {
  Http1HeadFinder finder;
  if (finder.Find(head) == Http1HeadFinder::Found::kError) return finder.error().status;
  Http1Request request;
  const auto error = ParseRequestHead(head.substr(finder.start()), &request);
  return error ? error->status : 200;
}

TEST(Http1Parser, ReadsARequestLineAndFields) {
  Http1Request request;
  EXPECT_FALSE(ParseRequestHead(
      "POST /a?b=1 HTTP/1.1\r\nHost: x:80\r\nContent-Length: 5\r\nA:  b \r\n\r\n", &request));
  EXPECT_EQ(request.head.method, "POST");
  EXPECT_EQ(request.head.path(), "/a");
  EXPECT_EQ(request.head.query(), "b=1");
  EXPECT_EQ(request.head.authority, "x:80");
  EXPECT_EQ(request.head.headers.Get("a"), "b");
  EXPECT_EQ(request.framing.length, 5u);
  EXPECT_TRUE(request.keep_alive);
}

TEST(Http1Parser, TakesTheAuthorityOfAnAbsoluteTarget) {
  Http1Request request;
  EXPECT_FALSE(ParseRequestHead("GET http://b?q HTTP/1.1\r\nHost: a\r\n\r\n", &request));
  EXPECT_EQ(request.head.authority, "b");
  EXPECT_EQ(request.head.target, "/?q");
}

TEST(Http1Parser, RefusesWhatCouldSmuggleARequest) {
  const std::string start = "POST / HTTP/1.1\r\nHost: a\r\n";
  EXPECT_EQ(StatusOf(start + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
  EXPECT_EQ(StatusOf(start + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n"), 400);
  EXPECT_EQ(StatusOf(start + "Content-Length: 1, 1\r\n\r\n"), 400);
  EXPECT_EQ(StatusOf(start + "Content-Length: +1\r\n\r\n"), 400);
  EXPECT_EQ(StatusOf(start + "Transfer-Encoding: gzip, chunked\r\n\r\n"), 501);
  EXPECT_EQ(StatusOf(start + "A: b\r\n c\r\n\r\n"), 400);
  EXPECT_EQ(StatusOf(start + "A : b\r\n\r\n"), 400);
  EXPECT_EQ(StatusOf(start + "A: b\rc\r\n\r\n"), 400);
  EXPECT_EQ(StatusOf(start + "A: b\n\r\n"), 400);
  EXPECT_EQ(StatusOf(start + "A: b\r\nHost: b\r\n\r\n"), 400);
  EXPECT_EQ(StatusOf(start + std::string("A: b\0c\r\n\r\n", 10)), 400);
}

TEST(Http1Parser, WantsAHostFieldFromOnePointOneOnly) {
  EXPECT_EQ(StatusOf("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(StatusOf("GET / HTTP/1.0\r\n\r\n"), 200);
  EXPECT_EQ(StatusOf("GET / HTTP/2.0\r\n\r\n"), 505);
}

TEST(Http1HeadFinder, LimitsTheHeader) {
  Http1HeadFinder finder;
  EXPECT_EQ(finder.Find("GET / HTTP/1.1\r\nA: " + std::string(70'000, 'x')),
            Http1HeadFinder::Found::kError);
  EXPECT_EQ(finder.error().status, 431);
}

std::string ReadChunked(std::string_view bytes, Http1BodyReader& reader) {
  std::string body;
  while (!bytes.empty() && !reader.done() && !reader.failed()) {
    const Http1BodyReader::Step step = reader.Read(bytes);
    body += step.data;
    bytes.remove_prefix(step.consumed);
  }
  return body;
}

TEST(Http1BodyReader, JoinsChunksAndReadsTrailers) {
  Http1BodyReader reader({Http1Framing::Kind::kChunked, 0});
  EXPECT_EQ(ReadChunked("3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nT: v\r\n\r\n", reader),
            "abc0123456789");
  EXPECT_TRUE(reader.done());
  EXPECT_EQ(reader.trailers().Get("t"), "v");
}

TEST(Http1BodyReader, RefusesMalformedChunks) {
  for (const std::string_view bytes :
       {"3\nabc", "\r\n", "3\r\nabcd\r\n", "ffffffffffffffffff\r\n", "-1\r\n", "3\rabc"}) {
    Http1BodyReader reader({Http1Framing::Kind::kChunked, 0});
    ReadChunked(bytes, reader);
    EXPECT_TRUE(reader.failed()) << bytes;
  }
}

TEST(Http1Parser, ReadsAResponseUntilCloseWithoutALength) {
  Http1Response response;
  EXPECT_FALSE(ParseResponseHead("HTTP/1.1 200\r\n\r\n", false, &response));
  EXPECT_EQ(response.framing.kind, Http1Framing::Kind::kUntilClose);
  EXPECT_FALSE(response.keep_alive);
}

}  // namespace
}  // namespace clew::net
