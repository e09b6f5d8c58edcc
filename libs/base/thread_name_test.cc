// SPDX-License-Identifier: Apache-2.0
#include "base/thread_name.h"

#include <gtest/gtest.h>
#include <pthread.h>

#include <thread>

namespace clew::base {
namespace {

TEST(ThreadName, IsWhatToolsSee) {
  char name[16] = {};
  std::thread thread([&] {
    NameThread("fifteen letters");
    pthread_getname_np(pthread_self(), name, sizeof name);
  });
  thread.join();
  EXPECT_STREQ(name, "fifteen letters");
}

}  // namespace
}  // namespace clew::base
