// SPDX-License-Identifier: Apache-2.0
#pragma once

// The headers below this folder have the paths, namespaces and names of
// opentelemetry-cpp, so that a service changes to them by its include path
// alone. nostd:: names are aliases of std::.
#define OPENTELEMETRY_ABI_VERSION_NO 1
#define OPENTELEMETRY_VERSION "1.28.0"  // the release whose API is followed
#define OPENTELEMETRY_BEGIN_NAMESPACE \
  namespace opentelemetry {           \
  inline namespace v1 {
#define OPENTELEMETRY_END_NAMESPACE \
  }                                 \
  }
#define OPENTELEMETRY_NAMESPACE opentelemetry::v1

namespace opentelemetry::inline v1 {}
