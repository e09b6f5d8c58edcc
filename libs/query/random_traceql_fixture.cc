// SPDX-License-Identifier: Apache-2.0
#include "query/random_traceql_fixture.h"

namespace clew::query {

std::string RandomTraceql::One(std::initializer_list<const char*> words) {
  std::string word = words.begin()[Below(words.size())];
  ++used_[word];
  return word;
}

RandomTraceql::Field RandomTraceql::AnyField() {
  switch (Below(12)) {
    case 0:
      return {One({"duration", "traceDuration", "span:duration", "event:timeSinceStart"}),
              Type::kDuration};
    case 1:
      return {One({"name", "rootName", "rootServiceName", "resource.service.name", "statusMessage",
                   "event:name", "instrumentation:name", "instrumentation:version"}),
              Type::kText};
    case 2:
      return {One({"status"}), Type::kStatus};
    case 3:
      return {One({"kind"}), Type::kKind};
    case 4:
      return {One({"span:childCount", "nestedSetLeft", "nestedSetRight", "nestedSetParent"}),
              Type::kNumber};
    case 5:
      return {One({"trace:id", "span:id", "span:parentID", "link:spanID", "link:traceID"}),
              Type::kText};
    case 6:
      return {One({"parent.a", "parent.span.b", "parent.resource.service.name"}), Type::kAny};
    default: {
      const std::string scope = One(
          {".", ".", ".", "span.", "span.", "resource.", "event.", "link.", "instrumentation."});
      return {scope + One({"a", "a", "a", "b", "b", "b", "c", "http.code", "service.name", "none"}),
              Type::kAny};
    }
  }
}

std::string RandomTraceql::Number() {
  return One({"0", "1", "2", "3", "0.5", "1.0", "2.5", "-1"});
}

std::string RandomTraceql::DurationText() {
  return One({"0s", "100ms", "500ms", "1s", "1.5s", "2s", "1h"});
}

std::string RandomTraceql::LiteralFor(Type type) {
  switch (type) {
    case Type::kNumber:
      return Number();
    case Type::kDuration:
      return DurationText();
    case Type::kText:
      return One({"\"get\"", "\"put\"", "\"shop\"", "\"pay\"", "\"boom\"", "\"\"", "\"lib\"",
                  "\"0000000000000002\"", "\"5\"", "\"exception\""});
    case Type::kStatus:
      return One({"error", "ok", "unset"});
    case Type::kKind:
      return One({"server", "client", "internal", "unspecified", "producer", "consumer"});
    case Type::kAny:
      break;
  }
  switch (Below(4)) {
    case 0:
      return One({"\"x\"", "\"y\"", "\"xy\"", "\"\"", "\"2\"", "\"shop\""});
    case 1:
      return One({"true", "false"});
    default:
      return Number();
  }
}

std::string RandomTraceql::Comparison() {
  const Field field = AnyField();
  if (Chance(6) && field.text.find(':') == std::string::npos && field.type == Type::kAny) {
    return field.text + " " + One({"= nil", "!= nil"});
  }
  if (field.type == Type::kText && Chance(3)) {
    return field.text + " " + One({"=~", "!~"}) + " " +
           One({"\"g.*\"", "\".*\"", "\"sh|sho?p\"", "\"\"", "\"[a-p]+\""});
  }
  if (field.type == Type::kAny && Chance(8)) {
    return field.text + " " + One({"=~", "!~"}) + " " + One({"\"x.*\"", "\".?\"", "\"[xy]+\""});
  }
  if (field.type == Type::kAny && Chance(8)) {
    return field.text + " " + One({"+", "-", "*", "/", "%", "^"}) + " " + Number() + " " +
           One({"=", "!=", "<", ">", "<=", ">="}) + " " + Number();
  }
  if (field.type == Type::kAny && Chance(10)) {
    const Field other = AnyField();
    return field.text + " " + One({"=", "!=", "<", ">"}) + " " + other.text;
  }
  const bool ordered = field.type != Type::kStatus && field.type != Type::kKind;
  const std::string op = ordered ? One({"=", "!=", "<", ">", "<=", ">="}) : One({"=", "!="});
  const std::string literal = LiteralFor(field.type);
  if (Chance(15)) return literal + " " + op + " " + field.text;
  return field.text + " " + op + " " + literal;
}

std::string RandomTraceql::Expr(int depth) {
  if (depth == 0 || Chance(3)) {
    if (Chance(15)) return One({"true", ".a", "span.b"});
    if (Chance(12)) return One({"!"}) + "(" + Comparison() + ")";
    return Comparison();
  }
  return Expr(depth - 1) + " " + One({"&&", "||", "||", "||"}) + " (" + Expr(depth - 1) + ")";
}

std::string RandomTraceql::Filter(int depth) {
  if (Chance(3)) return One({"{ }"});
  return "{ " + Expr(depth) + " }";
}

std::string RandomTraceql::Spansets(int depth) {
  if (depth == 0 || Chance(2)) {
    if (Chance(15)) return One({"none"}) + "(" + Filter(1) + ")";
    return Filter(2);
  }
  const std::string op = One({"&&", "||", ">", "<", ">>", "<<", "~", "!>", "!<", "!>>", "!<<", "!~",
                              "&>", "&<", "&>>", "&<<", "&~"});
  if (Chance(8)) return "(" + Pipeline(2) + ") " + op + " (" + Pipeline(2) + ")";
  return "(" + Spansets(depth - 1) + ") " + op + " (" + Spansets(depth - 1) + ")";
}

std::string RandomTraceql::Aggregate() {
  if (Chance(2)) return One({"count()"});
  return One({"min", "max", "avg", "sum"}) + "(" +
         One({"duration", ".a", "span.b", "event.a", "span:childCount"}) + ")";
}

std::string RandomTraceql::Stage() {
  switch (Below(8)) {
    case 0:
    case 1:
      return Aggregate() + " " + One({"=", "!=", "<", ">", "<=", ">="}) + " " +
             (Chance(3) ? DurationText() : Number());
    case 2:
      return One({"by"}) + "(" + AnyField().text + ")";
    case 3:
      return One({"coalesce()"});
    case 4:
      return One({"select"}) + "(" + One({".a", "span.b", "event.c", "resource.service.name"}) +
             ", " + One({".c", "link.a", "kind", "status", "parent.a"}) + ")";
    case 5:
      return One({"sort"}) + "(" + AnyField().text + One({"", " asc", " desc"}) + ")";
    case 6:
      return One({"limit"}) + "(" + One({"1", "2", "5"}) + ")";
    default:
      return Filter(1);
  }
}

std::string RandomTraceql::Pipeline(size_t most_stages) {
  std::string pipeline = Spansets(1);
  for (size_t i = Below(most_stages); i > 0; --i) pipeline += " | " + Stage();
  return pipeline;
}

std::string RandomTraceql::Search() {
  return Chance(4) ? Pipeline(4) : Spansets(2) + (Chance(4) ? " | " + Stage() : "");
}

std::string RandomTraceql::Series() {
  const std::string by = Chance(2) ? "" : " by(" + AnyField().text + (Chance(3) ? ", kind)" : ")");
  const std::string pipeline = Chance(2) ? Filter(1) : Pipeline(3);
  switch (Below(8)) {
    case 0:
    case 1:
    case 2:
      return pipeline + " | " + One({"rate()", "count_over_time()"}) + by;
    case 3:
      return pipeline + " | " + One({"compare"}) + "(" + Filter(1) + One({"", ", 1", ", 3"}) + ")";
    case 4:
      return pipeline + " | " + One({"quantile_over_time"}) + "(" + One({"duration", ".a"}) + ", " +
             One({"0.5", "0.9, 1", "0"}) + ")" + by;
    case 5:
      return pipeline + " | " + One({"histogram_over_time"}) + "(" + One({"duration", "span.a"}) +
             ")" + by;
    default:
      return pipeline + " | " +
             One({"min_over_time", "max_over_time", "sum_over_time", "avg_over_time"}) + "(" +
             One({"duration", ".a", "span.b", "event.a"}) + ")" + by;
  }
}

std::string RandomTraceql::Metrics() {
  if (Chance(5)) {
    return "(" + Series() + ") " + One({"+", "-", "*", "/"}) + " " +
           (Chance(2) ? "(" + Series() + ")" : One({"2", "0", "0.5"}));
  }
  std::string query = Series();
  if (query.find("compare(") != std::string::npos) return query;
  if (Chance(6)) query += " | " + One({"topk", "bottomk"}) + "(" + One({"1", "2"}) + ")";
  if (Chance(6)) query += " " + One({">", "<", ">=", "!=", "="}) + " " + Number();
  return query;
}

}  // namespace clew::query
