// SPDX-License-Identifier: Apache-2.0
#include "ingest/jaeger_datagrams.h"

#include <utility>

namespace clew::ingest {

net::Task<void> JaegerDatagrams::Handle(net::EventLoop& loop, std::string datagram) {
  IngestRequest request;
  request.format = format_;
  request.receiver = ReceiverOf(format_, false);
  request.encoding = wire::ContentEncoding::kIdentity;
  request.body = std::move(datagram);
  (void)co_await ingestor_.Ingest(loop, std::move(request));
}

void JaegerDatagrams::OnDropped(uint64_t count) {
  ingestor_.refusals().Drop(ReceiverOf(format_, false), count);
}

}  // namespace clew::ingest
