// SPDX-License-Identifier: Apache-2.0
#include "yaml/yaml_file.h"

#include <gmock/gmock.h>

namespace clew::yaml {
namespace {

std::string ErrorOf(std::string_view text) {
  const YamlFile file("f.yaml");
  const base::Status status = file.Read(text, [&](const YAML::Node& root) -> base::Status {
    TRY(file.CheckKeys(root, {"listen", "receivers"}));
    TRY(file.CheckList(root["receivers"], "receivers"));
    if (root["listen"]) (void)TRY(file.ReadText(root, "listen"));
    return {};
  });
  return status.ok() ? "" : status.error().message;
}

TEST(YamlFile, TakesWhatIsRight) {
  EXPECT_EQ(ErrorOf(""), "");
  EXPECT_EQ(ErrorOf("listen: 127.0.0.1\nreceivers: [otlp]\n"), "");
  EXPECT_EQ(ErrorOf("receivers:\n"), "");
}

TEST(YamlFile, SaysWhereAnErrorIsAndWhatWasMeant) {
  EXPECT_EQ(ErrorOf("listen: x\nrecievers: []\n"),
            "f.yaml:2: unknown key 'recievers'; did you mean 'receivers'?");
  EXPECT_EQ(ErrorOf("colour: red\n"),
            "f.yaml:1: unknown key 'colour'; known here: listen receivers");
  EXPECT_EQ(ErrorOf("- a\n"), "f.yaml:1: expected keys and values");
  EXPECT_EQ(ErrorOf("\nlisten: [1]\n"), "f.yaml:2: expected a text");
  EXPECT_EQ(ErrorOf("listen: ''\n"), "f.yaml:1: expected a text");
  EXPECT_EQ(ErrorOf("receivers: 4\n"), "f.yaml:1: expected a list of receivers");
  EXPECT_THAT(ErrorOf("listen: [1\nreceivers: {\n"), testing::StartsWith("f.yaml:"));
}

}  // namespace
}  // namespace clew::yaml
