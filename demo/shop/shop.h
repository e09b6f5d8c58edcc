// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

// A shop of many services, as data: what each does when it is asked. shop.yaml describes the
// one of the demo; services run it in real time, and Simulate makes its traces without waiting.
namespace clew::shop {

using Nanos = std::chrono::nanoseconds;

enum class StepKind : uint8_t {
  kWork,      // the service's own time
  kCall,      // another service is asked and waited for
  kPeer,      // the same of something that sends no spans
  kSend,      // a message on a queue, which nobody waits for
  kTogether,  // steps at once
};

// What a service does next. Times are medians, and counts may be fractions: 1.5 is once,
// and for half of the requests twice.
struct Step {
  StepKind kind = StepKind::kWork;
  uint32_t target = 0;      // index of the service, or of the peer
  std::string operation;    // of the target
  Nanos time{0};            // kWork, kPeer
  double share = 1;         // of the requests that take this step at all
  double times = 1;         // one after the other
  std::string queue;        // kSend: its name
  Nanos wait{0};            // kSend: from the queue's one end to the other
  std::vector<Step> steps;  // kTogether

  // What a fault adds, see fault.h.
  Nanos lock{0};          // kPeer: mean of an exponential wait on top
  Nanos network{0};       // kCall: on the way, beyond what is usual
  uint32_t failures = 0;  // kCall: so many attempts fail before the one that succeeds
  Nanos failure_time{0};  // kCall: what the service spends on one that fails

  friend bool operator==(const Step&, const Step&) = default;
};

struct Operation {
  std::string name;
  std::vector<Step> steps;

  friend bool operator==(const Operation&, const Operation&) = default;
};

struct Service {
  std::string name;
  std::vector<Operation> operations;

  friend bool operator==(const Service&, const Service&) = default;
};

struct Peer {
  std::string name;
  std::string system;  // "http", or db.system.name

  friend bool operator==(const Peer&, const Peer&) = default;
};

// One kind of request that comes from outside.
struct Visit {
  uint32_t service = 0;
  std::string operation;
  double weight = 1;

  friend bool operator==(const Visit&, const Visit&) = default;
};

struct Shop {
  double spread = 0;  // sigma of the logarithm of every time
  Nanos network{0};   // of every call, there and back
  std::vector<Visit> visits;
  // Key and values of attributes of the first span, one value drawn for each visit.
  std::vector<std::pair<std::string, std::vector<std::string>>> visitors;
  std::vector<Peer> peers;
  std::vector<Service> services;

  friend bool operator==(const Shop&, const Shop&) = default;
};

// Null when there is none.
const Operation* FindOperation(const Service& service, std::string_view name);

// Reads shop.yaml; `file_name` is for errors, which are kInvalidArgument and name the line. A
// shop that was read has at least one visit, names only what exists, and no operation that comes
// to itself again.
base::Result<Shop> ReadShop(std::string_view yaml, std::string_view file_name);

}  // namespace clew::shop
