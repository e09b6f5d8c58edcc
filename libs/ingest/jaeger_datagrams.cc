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
  const IngestOutcome stored = co_await ingestor_.Ingest(loop, std::move(request));
  if (!stored.ok()) {
    refusals_.Note(stored.error().error.message);
  } else if (stored.value().rejected_spans > 0) {
    refusals_.Note(DescribeRejection(stored.value()));
  }
}

void JaegerDatagrams::OnDropped(uint64_t count) {
  ingestor_.counted().CountDropped(ReceiverOf(format_, false), count);
  refusals_.Note("they came faster than they could be stored, " + std::to_string(count) +
                 " were dropped");
}

}  // namespace clew::ingest
