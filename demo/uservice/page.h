// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace clew::demo {

// What every service answers.
inline constexpr std::string_view kPage = R"(<!DOCTYPE html>
<html lang="en">
    <head>
        <meta charset="utf-8">
        <title>Hello, World!</title>
    </head>
    <body>
        <p>Hello, World!</p>
    </body>
</html>
)";
inline constexpr std::string_view kPageType = "text/html; charset=utf-8";

}  // namespace clew::demo
