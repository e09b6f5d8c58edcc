// SPDX-License-Identifier: Apache-2.0
#include "query_source.h"

#include "server_call.h"

namespace clew {
namespace {

std::string TargetOf(const QueryCall& call) {
  std::string target = call.path;
  for (const auto& [name, value] : call.parameters) {
    target += target.size() == call.path.size() ? '?' : '&';
    target.append(name).append("=").append(PercentEncoded(value));
  }
  return target;
}

class ServerSource final : public QuerySource {
 public:
  ServerSource(std::string server, std::string tenant)
      : server_(std::move(server)), tenant_(std::move(tenant)) {}

  base::Result<QueryReply> Ask(const QueryCall& call) override {
    net::RequestHead head{.method = "GET", .target = TargetOf(call)};
    head.headers.Add("accept", call.accept);
    if (!tenant_.empty()) head.headers.Add("x-scope-orgid", tenant_);
    net::WholeResponse reply = TRY(CallServer(server_, std::move(head), {}));
    const int status = reply.head.status;
    if (status == 200) {
      return QueryReply{
          .body = std::move(reply.body),
          .partial = std::string(reply.head.headers.Get("x-clew-partial").value_or(""))};
    }
    std::string why = std::move(reply.body);
    while (why.ends_with('\n')) why.pop_back();
    if (status == 400 && !why.empty()) {
      return base::Error{base::ErrorCode::kInvalidArgument, std::move(why)};
    }
    return base::Error{
        base::ErrorCode::kUnavailable,
        server_ + " answers " + std::to_string(status) + (why.empty() ? "" : ": " + why)};
  }

 private:
  const std::string server_, tenant_;
};

}  // namespace

std::unique_ptr<QuerySource> MakeServerSource(std::string server, std::string tenant) {
  return std::make_unique<ServerSource>(std::move(server), std::move(tenant));
}

}  // namespace clew
