// SPDX-License-Identifier: Apache-2.0
#include "serve/assets.h"

#include <gtest/gtest.h>

#include "base/compression.h"

namespace clew::serve {
namespace {

class Assets : public testing::Test {
 protected:
  std::optional<AssetReply> Get(std::string target, net::Headers headers = {},
                                std::string method = "GET") {
    net::RequestHead request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.headers = std::move(headers);
    return FindAsset(files_, request);
  }

 private:
  const std::string page_ = base::GzipCompress("<p>page");
  const std::string script_ = base::GzipCompress("let a;");
  const EmbeddedFile files_[4] = {{"/index.html", "\"11\"", page_},
                                  {"/assets/app-0123abcdef.js", "\"22\"", script_},
                                  {"/assets/main-QAXVG7KU.js", "\"33\"", script_},
                                  {"/assets/no-hash.js", "\"44\"", script_}};
};

TEST_F(Assets, ServesTheIndexAtTheRootAndForExploreLinks) {
  EXPECT_EQ(Get("/")->body, "<p>page");
  EXPECT_EQ(Get("/explore?left=%5B%5D")->body, "<p>page");
}

TEST_F(Assets, HashedNamesAreKeptForEverAndTheIndexIsNot) {
  for (const char* const hashed : {"/assets/app-0123abcdef.js", "/assets/main-QAXVG7KU.js"}) {
    EXPECT_EQ(Get(hashed)->head.headers.Get("cache-control"),
              "public, max-age=31536000, immutable");
  }
  EXPECT_EQ(Get("/assets/no-hash.js")->head.headers.Get("cache-control"), "no-cache");
  EXPECT_EQ(Get("/")->head.headers.Get("cache-control"), "no-cache");
}

TEST_F(Assets, SendsGzipOnlyToThoseWhoTakeIt) {
  const std::optional<AssetReply> reply = Get("/", {{"Accept-Encoding", "gzip, br"}});
  EXPECT_EQ(reply->head.headers.Get("content-encoding"), "gzip");
  EXPECT_EQ(base::Decompress(base::Codec::kGzip, reply->body, 100).value(), "<p>page");
  EXPECT_FALSE(Get("/")->head.headers.Has("content-encoding"));
}

TEST_F(Assets, AnswersNotModifiedToAKnownEtag) {
  const std::optional<AssetReply> reply = Get("/", {{"If-None-Match", "\"11\""}});
  EXPECT_EQ(reply->head.status, 304);
  EXPECT_EQ(reply->body, "");
}

TEST_F(Assets, AnUnknownPageIsTheIndexForABrowserOnly) {
  EXPECT_EQ(Get("/trace/1f", {{"Accept", "text/html,*/*"}})->body, "<p>page");
  EXPECT_FALSE(Get("/trace/1f", {{"Accept", "*/*"}}).has_value());
  EXPECT_FALSE(Get("/api/nothing", {{"Accept", "text/html"}}).has_value());
  EXPECT_FALSE(Get("/", {}, "POST").has_value());
}

TEST_F(Assets, CarriesAPolicyWithoutInlineScript) {
  const net::Headers headers = Get("/")->head.headers;
  EXPECT_TRUE(headers.Get("content-security-policy")->starts_with("default-src 'self';"));
  EXPECT_EQ(headers.Get("x-content-type-options"), "nosniff");
}

TEST(EmbeddedFiles, HoldAnIndexPage) {
  net::RequestHead request;
  request.method = "GET";
  request.target = "/";
  EXPECT_TRUE(FindAsset(EmbeddedFiles(), request)->body.starts_with("<!doctype html>"));
}

}  // namespace
}  // namespace clew::serve
