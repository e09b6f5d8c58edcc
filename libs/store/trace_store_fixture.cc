// SPDX-License-Identifier: Apache-2.0
#include "store/trace_store_fixture.h"

#include <future>
#include <utility>

#include "wire/otlp_writer.h"

namespace clew::store {

model::TraceId TraceOf(uint8_t number) {
  model::TraceId id;
  id.bytes[15] = number;
  return id;
}

std::string BodyOf(uint8_t number, uint8_t span) {
  wire::OtlpWriter writer;
  writer.OnResource({});
  writer.OnScope({});
  writer.OnSpan({.trace_id = TraceOf(number),
                 .span_id = *model::SpanId::FromHex(std::to_string(span)),
                 .parent_span_id = {},
                 .name = "op"});
  return writer.Take();
}

base::Result<Appended> AppendTo(TraceStore& store, const std::string& body,
                                std::string_view tenant) {
  std::promise<base::Result<Appended>> promise;
  store.AppendAsync({.tenant = tenant,
                     .format = wire::Format::kOtlpProtobuf,
                     .encoding = wire::ContentEncoding::kIdentity,
                     .body = body,
                     .plain = body},
                    [&](base::Result<Appended> result) { promise.set_value(std::move(result)); });
  return promise.get_future().get();
}

base::Result<size_t> SpansOf(const TraceStore& store, uint8_t number) {
  const Sources sources = store.SourcesOf(kTestTenant);
  size_t spans = 0;
  for (const auto& memtable : sources.memtables) spans += memtable->RowsOf(TraceOf(number)).size();
  for (const auto& block : sources.blocks) {
    for (const RowRange& run : TRY(block->Find(TraceOf(number)))) spans += run.count;
  }
  return spans;
}

base::Result<std::unique_ptr<TraceStore>> OpenAndReplay(base::Storage& storage,
                                                        const TraceStoreOptions& options,
                                                        base::Clock& clock) {
  auto store = TRY(TraceStore::Open(storage, clock, options));
  TRY(store->Replay([](const ReplayProgress&) {}));
  return store;
}

}  // namespace clew::store
