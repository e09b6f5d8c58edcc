// SPDX-License-Identifier: Apache-2.0

#include "opentelemetry/trace/trace_state.h"

#include <algorithm>

namespace opentelemetry::inline v1::trace {
namespace {

constexpr size_t kMaxKey = 256;
constexpr size_t kMaxTenant = 241;
constexpr size_t kMaxSystem = 14;
constexpr size_t kMaxValue = 256;

bool IsLowerLetter(char c) {
  return c >= 'a' && c <= 'z';
}
bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
bool IsKeyCharacter(char c) {
  return IsLowerLetter(c) || IsDigit(c) || c == '_' || c == '-' || c == '*' || c == '/';
}

nostd::string_view Trim(nostd::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == nostd::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

std::shared_ptr<TraceState> TraceState::GetDefault() {
  static const auto* empty = new std::shared_ptr<TraceState>(std::make_shared<TraceState>());
  return *empty;
}

std::shared_ptr<TraceState> TraceState::FromHeader(nostd::string_view header) noexcept {
  auto state = std::make_shared<TraceState>();
  while (!header.empty()) {
    const size_t comma = header.find(',');
    const nostd::string_view member = Trim(header.substr(0, comma));
    header = comma == nostd::string_view::npos ? "" : header.substr(comma + 1);
    if (member.empty()) continue;
    const size_t equals = member.find('=');
    if (equals == nostd::string_view::npos) return GetDefault();
    const nostd::string_view key = member.substr(0, equals);
    const nostd::string_view value = member.substr(equals + 1);
    std::string present;
    if (!IsValidKey(key) || !IsValidValue(value) || state->Get(key, present) ||
        state->members_.size() == kMaxKeyValuePairs) {
      return GetDefault();
    }
    state->members_.emplace_back(key, value);
  }
  return state;
}

std::string TraceState::ToHeader() const noexcept {
  std::string header;
  for (const auto& [key, value] : members_) {
    if (!header.empty()) header += ',';
    header.append(key).append("=").append(value);
  }
  return header;
}

bool TraceState::Get(nostd::string_view key, std::string& value) const noexcept {
  for (const auto& [name, text] : members_) {
    if (name != key) continue;
    value = text;
    return true;
  }
  return false;
}

std::shared_ptr<TraceState> TraceState::Set(nostd::string_view key,
                                            nostd::string_view value) const noexcept {
  if (!IsValidKey(key) || !IsValidValue(value)) return std::make_shared<TraceState>(*this);
  auto changed = Delete(key);
  if (changed->members_.size() == kMaxKeyValuePairs) return changed;
  changed->members_.emplace(changed->members_.begin(), key, value);
  return changed;
}

std::shared_ptr<TraceState> TraceState::Delete(nostd::string_view key) const noexcept {
  auto changed = std::make_shared<TraceState>(*this);
  std::erase_if(changed->members_, [&](const auto& member) { return member.first == key; });
  return changed;
}

bool TraceState::GetAllEntries(
    nostd::function_ref<bool(nostd::string_view, nostd::string_view)> callback) const noexcept {
  return std::ranges::all_of(
      members_, [&](const auto& member) { return callback(member.first, member.second); });
}

bool TraceState::IsValidKey(nostd::string_view key) {
  const size_t at = key.find('@');
  if (at == nostd::string_view::npos) {
    return !key.empty() && key.size() <= kMaxKey && IsLowerLetter(key[0]) &&
           std::ranges::all_of(key, IsKeyCharacter);
  }
  const nostd::string_view tenant = key.substr(0, at);
  const nostd::string_view system = key.substr(at + 1);
  return !tenant.empty() && tenant.size() <= kMaxTenant &&
         (IsLowerLetter(tenant[0]) || IsDigit(tenant[0])) &&
         std::ranges::all_of(tenant, IsKeyCharacter) && !system.empty() &&
         system.size() <= kMaxSystem && IsLowerLetter(system[0]) &&
         std::ranges::all_of(system, IsKeyCharacter);
}

bool TraceState::IsValidValue(nostd::string_view value) {
  return !value.empty() && value.size() <= kMaxValue && value.back() != ' ' &&
         std::ranges::all_of(value,
                             [](char c) { return c >= ' ' && c <= '~' && c != ',' && c != '='; });
}

}  // namespace opentelemetry::inline v1::trace
