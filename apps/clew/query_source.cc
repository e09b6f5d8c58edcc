// SPDX-License-Identifier: Apache-2.0
#include "query_source.h"

#include "net/percent_encode.h"

namespace clew {
namespace {

std::string TargetOf(const QueryCall& call) {
  std::string target = call.path;
  if (const size_t open = target.find('{'); open != std::string::npos) {
    target.replace(open, target.find('}') + 1 - open, net::PercentEncode(call.argument));
  }
  const size_t path_size = target.size();
  for (const auto& [name, value] : call.parameters) {
    target += target.size() == path_size ? '?' : '&';
    target.append(name).append("=").append(net::PercentEncode(value));
  }
  return target;
}

}  // namespace

base::Error NothingFound(const QueryCall& call) {
  return {base::ErrorCode::kNotFound, "there is no trace " + call.argument};
}

namespace {

class ServerSource final : public QuerySource {
 public:
  ServerSource(ServerAddress server, std::string tenant)
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
    if (status == 404 && !call.argument.empty() && reply.body.empty()) {
      return NothingFound(call);
    }
    std::string why = std::move(reply.body);
    while (why.ends_with('\n')) why.pop_back();
    if (status == 400 && !why.empty()) {
      return base::Error{base::ErrorCode::kInvalidArgument, std::move(why)};
    }
    return base::Error{
        base::ErrorCode::kUnavailable,
        server_.url + " answers " + std::to_string(status) + (why.empty() ? "" : ": " + why)};
  }

 private:
  const ServerAddress server_;
  const std::string tenant_;
};

}  // namespace

std::unique_ptr<QuerySource> MakeServerSource(ServerAddress server, std::string tenant) {
  return std::make_unique<ServerSource>(std::move(server), std::move(tenant));
}

}  // namespace clew
