// SPDX-License-Identifier: Apache-2.0
// The API over a real store: spans go in as OTLP, answers are compared as text.
#include "serve/tempo_api.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "base/temporary_folder.h"
#include "ingest/ingestor.h"
#include "net/http.h"
#include "serve/delete_api.h"
#include "serve/status_api.h"

namespace clew::serve {
namespace {

std::string Field(int number, const std::string& bytes) {
  std::string out(1, static_cast<char>(number << 3 | 2));
  for (size_t size = bytes.size(); true; size >>= 7) {
    out.push_back(static_cast<char>(size < 0x80 ? size : (size & 0x7f) | 0x80));
    if (size < 0x80) break;
  }
  return out + bytes;
}

std::string Fixed64(int number, uint64_t value) {
  std::string out(1, static_cast<char>(number << 3 | 1));
  for (int shift = 0; shift < 64; shift += 8) out.push_back(static_cast<char>(value >> shift));
  return out;
}

std::string Attribute(int number, const std::string& key, const std::string& value) {
  return Field(number, Field(1, key) + Field(2, Field(1, value)));
}

constexpr uint64_t kStart = 1'700'000'000'000'000'000;

// One trace "1f" of two spans: GET / of 250 ms in shop, and its child, an error.
std::string TwoSpans() {
  const std::string trace_id = std::string(15, '\0') + '\x1f';
  const std::string root = Field(1, trace_id) + Field(2, "00000001") + Field(5, "GET /") +
                           std::string("\x30\x02") + Fixed64(7, kStart) +
                           Fixed64(8, kStart + 250'000'000) + Attribute(9, "path", "/\"a\"");
  const std::string child =
      Field(1, trace_id) + Field(2, "00000002") + Field(4, "00000001") + Field(5, "work") +
      Fixed64(7, kStart + 1000) + Fixed64(8, kStart + 2000) +
      Field(11, Field(2, "retry") + Attribute(3, "attempt", "second")) +
      Field(13, Field(1, trace_id) + Field(2, "00000009") + Attribute(4, "reason", "batch")) +
      Field(15, std::string("\x18\x02"));
  const std::string resource =
      Field(1, Attribute(1, "service.name", "shop") + Attribute(1, "os.type", "linux"));
  const std::string scope =
      Field(1, Field(1, "http-library") + Field(2, "1.2") + Attribute(3, "short", "http"));
  return Field(1, resource + Field(2, scope + Field(2, root) + Field(2, child)));
}

class TempoApi : public testing::Test {
 protected:
  explicit TempoApi(const QueryLimits& limits = {}) : limits_(limits) {
    store_ = store::TraceStore::Open(base::Storage::Local(), base::Clock::System(),
                                     {.directory = folder_.path()})
                 .value();
    EXPECT_TRUE(store_->Replay([](const store::ReplayProgress&) {}).ok());
    readiness_.SetReady();
    ingestor_.emplace(*store_);
    queries_.emplace(*store_, readiness_, limits_);
    AddTempoApi(router_, *queries_);
    AddDeleteApi(router_, *store_, readiness_);
    AddStatusApi(router_, {.readiness = readiness_,
                           .ingestor = *ingestor_,
                           .store = *store_,
                           .queries = *queries_,
                           .connections = connections_,
                           .version = "1",
                           .data_directory = folder_.path()});
  }
  ~TempoApi() override { store_->Close(); }

  void Store(const std::string& body) {
    std::promise<bool> stored;
    store_->AppendAsync(
        {.tenant = ingest::kSingleTenant,
         .format = wire::Format::kOtlpProtobuf,
         .encoding = wire::ContentEncoding::kIdentity,
         .body = body,
         .plain = body},
        [&](const base::Result<store::Appended>& appended) { stored.set_value(appended.ok()); });
    ASSERT_TRUE(stored.get_future().get());
  }

  ApiReply Get(const std::string& target, std::string accept = "", std::stop_token cancelled = {}) {
    return Ask("GET", target, std::move(accept), std::move(cancelled));
  }
  // Nobody waits, and it is late.
  ApiReply GetTooLate(const std::string& target) {
    late_ = true;
    std::stop_source too_late;
    too_late.request_stop();
    return Get(target, "", too_late.get_token());
  }
  ApiReply Ask(const std::string& method, const std::string& target, std::string accept = "",
               std::stop_token cancelled = {}) {
    net::RequestHead head;
    head.target = target;
    Router::Match match = router_.Find(method, head.path());
    if (match.outcome != Router::Match::Outcome::kFound) return TextReply(0, "no route");
    return (*match.function)({.path_argument = match.argument,
                              .parameters = net::ParseQuery(head.query()),
                              .accept = std::move(accept),
                              .cancelled = std::move(cancelled),
                              .deadline = late_ ? Time::min() : Time::max()});
  }

  Readiness readiness_;

 private:
  using Time = std::chrono::steady_clock::time_point;

  const QueryLimits limits_;
  bool late_ = false;
  const base::TemporaryFolder folder_;
  std::unique_ptr<store::TraceStore> store_;
  std::optional<ingest::Ingestor> ingestor_;
  std::optional<Queries> queries_;
  net::NamedPortCounters connections_;
  Router router_;
};

constexpr std::string_view kTraceFound =
    R"("traces":[{"traceID":"1f","rootServiceName":"shop","rootTraceName":"GET /",)"
    R"("startTimeUnixNano":"1700000000000000000","durationMs":250,)"
    R"("serviceStats":{"shop":{"spanCount":2,"errorCount":1}}}])";

bool Finds(const ApiReply& reply) {
  return reply.status == 200 && reply.body.find(kTraceFound) != std::string::npos;
}

TEST_F(TempoApi, SearchBeforeTheFirstSpanIsEmpty) {
  EXPECT_EQ(Get("/api/search").body, R"({"traces":[],"metrics":{}})");
}

TEST_F(TempoApi, SearchFindsByTagsOfSpansAndResources) {
  Store(TwoSpans());
  EXPECT_TRUE(Finds(Get("/api/search"))) << Get("/api/search").body;
  EXPECT_TRUE(Finds(Get("/api/search?tags=os.type%3D%22linux%22")));
  EXPECT_TRUE(Finds(Get("/api/search?os.type=linux")));
  EXPECT_FALSE(Finds(Get("/api/search?tags=os.type%3Dwindows")));
}

TEST_F(TempoApi, SearchFindsByKind) {
  Store(TwoSpans());
  EXPECT_TRUE(Finds(Get("/api/search?tags=kind%3Dserver")));
  EXPECT_FALSE(Finds(Get("/api/search?tags=kind%3Dclient")));
}

TEST_F(TempoApi, SearchKeepsToDurationsAndTimes) {
  Store(TwoSpans());
  EXPECT_TRUE(Finds(Get("/api/search?minDuration=250ms&maxDuration=1s")));
  EXPECT_FALSE(Finds(Get("/api/search?minDuration=251ms")));
  EXPECT_TRUE(Finds(Get("/api/search?start=1700000000&end=1700000001")));
  EXPECT_FALSE(Finds(Get("/api/search?start=1600000000&end=1700000000")));
}

TEST_F(TempoApi, SearchExplainsABadRequestInPlainText) {
  const ApiReply reply = Get("/api/search?limit=0");
  EXPECT_EQ(reply.status, 400);
  EXPECT_EQ(reply.body, "invalid limit: must be a positive number");
  EXPECT_EQ(reply.content_type, "text/plain; charset=utf-8");
}

TEST_F(TempoApi, ATraceComesAsJsonInBatches) {
  Store(TwoSpans());
  const ApiReply reply = Get("/api/traces/1f");
  EXPECT_EQ(reply.status, 200);
  EXPECT_TRUE(reply.body.starts_with(R"({"batches":[{"resource":{"attributes":[)")) << reply.body;
  EXPECT_NE(reply.body.find(R"("kind":"SPAN_KIND_SERVER")"), std::string::npos);
  EXPECT_NE(reply.body.find(R"("stringValue":"/\"a\"")"), std::string::npos);
  EXPECT_TRUE(Get("/api/v2/traces/1f").body.starts_with(R"({"trace":{"resourceSpans":[)"));
}

TEST_F(TempoApi, ATraceComesAsProtobufWhenAsked) {
  Store(TwoSpans());
  const ApiReply bare = Get("/api/traces/1f", "application/protobuf");
  EXPECT_EQ(bare.content_type, "application/protobuf");
  EXPECT_EQ(bare.body.substr(0, 1), "\x0a");
  const ApiReply wrapped = Get("/api/v2/traces/1f", "application/protobuf");
  EXPECT_NE(wrapped.body.find(bare.body), std::string::npos);
}

TEST_F(TempoApi, ATraceHasEqualSpansOnceAndSaysSo) {
  Store(TwoSpans());
  const std::string once = Get("/api/traces/1f").body;
  EXPECT_TRUE(Get("/api/v2/traces/1f").body.ends_with(R"(]},"metrics":{}})"));
  // The retry of a request is recognised by its bytes, so it says something else at its end.
  Store(TwoSpans() + Field(1, ""));
  EXPECT_EQ(Get("/api/traces/1f").body, once);
  EXPECT_TRUE(Get("/api/v2/traces/1f")
                  .body.ends_with(R"(,"message":"2 equal copies of spans are folded"})"))
      << Get("/api/v2/traces/1f").body;
  EXPECT_TRUE(Get("/api/v2/traces/1f", "application/protobuf")
                  .body.ends_with("\x22\x22"
                                  "2 equal copies of spans are folded"));
}

TEST_F(TempoApi, AQueryThatNobodyWaitsForIs499) {
  Store(TwoSpans());
  std::stop_source nobody_waits;
  nobody_waits.request_stop();
  for (const std::string path :
       {"/api/search", "/api/search/tags", "/api/v2/search/tags", "/api/search/tag/name/values",
        "/api/v2/search/tag/name/values", "/api/traces/1f", "/api/v2/traces/1f"}) {
    EXPECT_EQ(Get(path, "", nobody_waits.get_token()).status, 499) << path;
  }
}

TEST_F(TempoApi, AQueryThatTakesTooLongIs504) {
  Store(TwoSpans());
  for (const std::string path :
       {"/api/search?q=%7B%7D", "/api/v2/search/tags", "/api/traces/1f", "/api/clew/v1/tags",
        "/api/clew/v1/tag/name/values", "/api/clew/v1/tag/name/traces"}) {
    const ApiReply reply = GetTooLate(path);
    EXPECT_EQ(reply.status, 504) << path;
    EXPECT_EQ(reply.body,
              "query took longer than its time limit of 60 s; narrow the filter or the time range");
  }
}

class TightTempoApi : public TempoApi {
 protected:
  TightTempoApi() : TempoApi({.memory_bytes = 100}) {}
};

TEST_F(TightTempoApi, AQueryOverItsMemoryIs422) {
  Store(TwoSpans());
  for (const std::string path :
       {"/api/search", "/api/search?q=%7B%7D%7Csort(duration)", "/api/search/tag/name/values",
        "/api/metrics/query?q=%7B%7D%7Crate()&start=1699999999&end=1700000001"}) {
    const ApiReply reply = Get(path);
    EXPECT_EQ(reply.status, 422) << path;
    EXPECT_TRUE(reply.body.starts_with("query needs more than its memory limit of 100 bytes: "))
        << reply.body;
  }
}

TEST_F(TempoApi, TagsComeWithHowManySpansHaveThem) {
  Store(TwoSpans());
  EXPECT_EQ(Get("/api/clew/v1/tags?scope=resource").body,
            R"({"tags":[{"scope":"resource","name":"os.type","spans":2},)"
            R"({"scope":"resource","name":"service.name","spans":2}]})");
  EXPECT_EQ(Get("/api/clew/v1/tags?scope=span&q=%7Bname%3D%22GET%20/%22%7D").body,
            R"({"tags":[{"scope":"span","name":"path","spans":1}]})");
  EXPECT_EQ(Get("/api/clew/v1/tag/span.path/values").body,
            R"({"values":[{"type":"string","value":"/\"a\"","spans":1}]})");
  EXPECT_EQ(Get("/api/clew/v1/tag/status/values?q=%7Bstatus%3Derror%7D").body,
            R"({"values":[{"type":"keyword","value":"error","spans":1}]})");
  EXPECT_EQ(Get("/api/clew/v1/tag/resource.service.name/values?start=1&end=2").body,
            R"({"values":[]})");
  EXPECT_EQ(Get("/api/clew/v1/tag/foo/values").status, 400);
}

TEST_F(TempoApi, ValuesComeWithHowManyTracesHaveThem) {
  Store(TwoSpans());
  const std::string services = Get("/api/clew/v1/tag/resource.service.name/traces").body;
  EXPECT_TRUE(services.starts_with(R"({"values":[{"type":"string","value":"shop","traces":1,)"))
      << services;
  EXPECT_TRUE(Get("/api/clew/v1/tag/status/traces?q=%7Bstatus%3Derror%7D%7Ccount()%3E0")
                  .body.starts_with(R"({"values":[{"type":"keyword","value":"error","traces":1,)"));
  EXPECT_EQ(Get("/api/clew/v1/tag/resource.service.name/traces?start=1&end=2").body,
            R"({"values":[]})");
  EXPECT_EQ(Get("/api/clew/v1/tag/name/traces?q=%7Bhalf").status, 400);
  EXPECT_EQ(Get("/api/clew/v1/tag/foo/traces").status, 400);
}

TEST_F(TempoApi, QueriesAreCounted) {
  Store(TwoSpans());
  Get("/api/search");
  Get("/api/search?limit=0");
  EXPECT_NE(Get("/api/clew/v1/queries").body.find(R"("queries":2,"slowQueries":0)"),
            std::string::npos);
  EXPECT_NE(Get("/status").body.find("queries: 2 answered, 0 of them slow, 0 running"),
            std::string::npos);
  const std::string counted = "\nclew_queries_total{call=\"/api/search\",outcome=";
  const std::string metrics = Get("/metrics").body;
  EXPECT_NE(metrics.find(counted + "\"answered\"} 1\n"), std::string::npos);
  EXPECT_NE(metrics.find(counted + "\"refused\"} 1\n"), std::string::npos);
}

TEST_F(TempoApi, AnUnknownTraceIs404InTheFirstVersionAndEmptyInTheSecond) {
  EXPECT_EQ(Get("/api/traces/2a").status, 404);
  EXPECT_EQ(Get("/api/traces/2a").body, "");
  EXPECT_EQ(Get("/api/v2/traces/2a").body, R"({"trace":{},"metrics":{}})");
  EXPECT_EQ(Get("/api/v2/traces/2a", "application/protobuf").body.substr(0, 2),
            std::string("\x0a\0", 2));
  EXPECT_EQ(Get("/api/traces/xyz").status, 400);
}

TEST_F(TempoApi, TagNamesComeByScope) {
  Store(TwoSpans());
  EXPECT_EQ(
      Get("/api/search/tags").body,
      R"({"tagNames":["attempt","os.type","path","reason","service.name","short"],"metrics":{}})");
  const std::string scopes = Get("/api/v2/search/tags?scope=resource").body;
  EXPECT_EQ(scopes,
            R"({"scopes":[{"name":"resource","tags":["os.type","service.name"]}],"metrics":{}})");
  EXPECT_EQ(Get("/api/v2/search/tags?scope=x").body, "invalid scope: x");
}

TEST_F(TempoApi, TagNamesOfTheSecondVersionKnowAllScopes) {
  Store(TwoSpans());
  EXPECT_TRUE(Get("/api/v2/search/tags")
                  .body.starts_with(R"({"scopes":[{"name":"resource","tags":["os.type",)"
                                    R"("service.name"]},{"name":"span","tags":["path"]},)"
                                    R"({"name":"event","tags":["attempt"]},)"
                                    R"({"name":"link","tags":["reason"]},)"
                                    R"({"name":"instrumentation","tags":["short"]},)"
                                    R"({"name":"intrinsic","tags":["duration","event:name",)"));
  EXPECT_EQ(Get("/api/v2/search/tags?scope=event").body,
            R"({"scopes":[{"name":"event","tags":["attempt"]}],"metrics":{}})");
}

TEST_F(TempoApi, TagValuesKnowAllScopes) {
  Store(TwoSpans());
  const auto values = [&](const std::string& name) {
    return Get("/api/v2/search/tag/" + name + "/values").body;
  };
  const auto one = [](const std::string& value) {
    return R"({"tagValues":[{"type":"string","value":")" + value + R"("}],"metrics":{}})";
  };
  EXPECT_EQ(values("event.attempt"), one("second"));
  EXPECT_EQ(values("link.reason"), one("batch"));
  EXPECT_EQ(values("instrumentation.short"), one("http"));
  EXPECT_EQ(values("event:name"), one("retry"));
  EXPECT_EQ(values("instrumentation:version"), one("1.2"));
  EXPECT_EQ(values("trace:id"), R"({"tagValues":[],"metrics":{}})");
}

TEST_F(TempoApi, TagsKeepToTheSpansOfATimeRange) {
  Store(TwoSpans());
  const std::string with = "?start=1700000000&end=1700000001";
  const std::string before = "?start=1600000000&end=1700000000";
  EXPECT_EQ(Get("/api/search/tag/os.type/values" + with).body,
            R"({"tagValues":["linux"],"metrics":{}})");
  EXPECT_EQ(Get("/api/search/tag/os.type/values" + before).body,
            R"({"tagValues":[],"metrics":{}})");
  EXPECT_EQ(Get("/api/v2/search/tag/name/values" + before).body,
            R"({"tagValues":[],"metrics":{}})");
  EXPECT_EQ(Get("/api/search/tags" + before).body, R"({"tagNames":[],"metrics":{}})");
  EXPECT_EQ(Get("/api/search/tags?start=2&end=1").status, 400);
}

TEST_F(TempoApi, TagValuesComeInBothVersions) {
  Store(TwoSpans());
  EXPECT_EQ(Get("/api/search/tag/os.type/values").body, R"({"tagValues":["linux"],"metrics":{}})");
  EXPECT_EQ(Get("/api/v2/search/tag/resource.service.name/values").body,
            R"({"tagValues":[{"type":"string","value":"shop"}],"metrics":{}})");
  EXPECT_EQ(Get("/api/v2/search/tag/name/values").body,
            R"({"tagValues":[{"type":"string","value":"GET /"},{"type":"string","value":"work"}],)"
            R"("metrics":{}})");
  EXPECT_EQ(Get("/api/v2/search/tag/foo/values").status, 400);
}

TEST_F(TempoApi, ADeletedTraceIsInNoAnswer) {
  Store(TwoSpans());
  EXPECT_EQ(Ask("DELETE", "/api/clew/v1/traces/1f").body,
            R"({"spans":2,"rewrittenBlocks":0,"removedBlocks":1})");
  EXPECT_EQ(Get("/api/traces/1f").status, 404);
  EXPECT_EQ(Get("/api/search").body, R"({"traces":[],"metrics":{}})");
  EXPECT_EQ(Get("/api/search/tag/os.type/values").body, R"({"tagValues":[],"metrics":{}})");
  EXPECT_EQ(Ask("DELETE", "/api/clew/v1/traces/1f").status, 404);
  EXPECT_EQ(Ask("DELETE", "/api/clew/v1/traces/what").status, 400);
}

TEST_F(TempoApi, ADeletedTenantHasNothing) {
  Store(TwoSpans());
  EXPECT_EQ(Ask("DELETE", "/api/clew/v1/tenants/some%2Fbody").body,
            "there are no spans of tenant some/body\n");
  EXPECT_EQ(Ask("DELETE", "/api/clew/v1/tenants/single-tenant").status, 200);
  EXPECT_EQ(Get("/api/traces/1f").status, 404);
}

TEST_F(TempoApi, TellsThatItIsThereAndReady) {
  EXPECT_EQ(Get("/api/echo").body, "echo\n");
  EXPECT_EQ(Get("/ready").body, "ready\n");
  EXPECT_NE(Get("/metrics").body.find("\nclew_ready 1\n"), std::string::npos);
  EXPECT_TRUE(Get("/api/status/buildinfo").body.starts_with(R"({"version":"3.)"));
}

TEST(Readiness, TellsHowFarTheLogIsRead) {
  Readiness readiness;
  readiness.SetProgress({.bytes_done = 12 << 20, .bytes_total = 80 << 20, .records = 4711});
  EXPECT_FALSE(readiness.is_ready());
  EXPECT_EQ(readiness.Describe(), "reading the log: 12 of 80 MiB, 4711 records");
}

}  // namespace
}  // namespace clew::serve
