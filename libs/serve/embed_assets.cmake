# Writes OUTPUT, a .cc with every file below DIST (ui/dist) gzip-compressed, or with one page
# that says how to build the UI when there is no DIST/index.html. Run with cmake -P.
#
#   cmake -DDIST=... -DOUTPUT=... -DWORK=... -P embed_assets.cmake
file(MAKE_DIRECTORY ${WORK})
set(root ${DIST})
if(NOT EXISTS ${DIST}/index.html)
  set(root ${WORK}/none)
  file(WRITE ${root}/index.html "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<title>clew</title>
<h1>The web UI is not in this build</h1>
<p>The server works: spans are received and the query API answers.
<p>To build the UI as well, run <code>./dev build</code>, or by hand:
<pre>cd ui && npm ci && node build.mjs</pre>
<p>and then build the program again.
</html>
")
endif()

file(GLOB_RECURSE names RELATIVE ${root} ${root}/*)
list(SORT names)
set(entries "")
foreach(name IN LISTS names)
  execute_process(COMMAND gzip -9 -n -c ${root}/${name} OUTPUT_FILE ${WORK}/asset.gz
                  RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "cannot compress ${root}/${name}: gzip ended with ${failed}")
  endif()
  file(SHA256 ${root}/${name} hash)
  string(SUBSTRING ${hash} 0 16 hash)
  file(SIZE ${WORK}/asset.gz size)
  file(READ ${WORK}/asset.gz hex HEX)
  string(REGEX REPLACE "(..)" "\\\\x\\1" bytes "${hex}")
  string(APPEND entries
         "    {\"/${name}\", \"\\\"${hash}\\\"\", std::string_view(\"${bytes}\", ${size})},\n")
endforeach()

file(WRITE ${OUTPUT}.new "// Generated from ui/dist.
#include \"serve/assets.h\"

namespace clew::serve {
namespace {

constexpr EmbeddedFile kFiles[] = {
${entries}};

}  // namespace

std::span<const EmbeddedFile> EmbeddedFiles() { return kFiles; }

}  // namespace clew::serve
")
file(RENAME ${OUTPUT}.new ${OUTPUT})
