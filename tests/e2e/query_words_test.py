"""Every word that completion offers is one the parser takes."""
import json
import subprocess

import harness

# Bundles the list as it is and prints it.
PRINT_WORDS = """
import { build } from "esbuild";
const { outputFiles } = await build({ entryPoints: ["src/model/traceql_words.ts"], bundle: true, write: false, format: "esm" });
const words = await import("data:text/javascript;base64," + Buffer.from(outputFiles[0].contents).toString("base64"));
console.log(JSON.stringify(words));
"""
# What a person would type where the cursor is put.
TYPED = {"select(¦)": "name", "by(¦)": "name", "by (¦)": "name", "compare({ ¦ })": "status = error", "limit(¦)": "5",
         "topk(¦)": "5", "bottomk(¦)": "5", "| topk(¦)": "5", "| bottomk(¦)": "5"}


def words():
    done = subprocess.run(["node", "--input-type=module", "-e", PRINT_WORDS], cwd=harness.ROOT / "ui",
                          capture_output=True, text=True, timeout=60, check=True)
    return {name: [word["text"] for word in list_] for name, list_ in json.loads(done.stdout).items() if isinstance(list_, list)}


def typed(text):
    return text.replace("¦", TYPED.get(text, "1" if text.endswith("¦") else ""))


def queries():
    offered = words()
    for field in offered["kIntrinsics"]:
        yield f"{{ }} | select({field})"
    for scope in offered["kScopes"]:
        yield f"{{ {scope}a = 1 }}"
    for comparison in offered["kComparisons"]:
        yield f'{{ name {comparison} "a" }}'
    for join in offered["kJoins"]:
        yield f"{{ .a = 1 {join} .b = 2 }}"
    for join in offered["kSpansetJoins"]:
        yield f"{{ .a = 1 }} {join} {{ .b = 2 }}"
    for stage in offered["kStages"]:
        before = "{ } | rate() | " if stage.startswith(("topk", "bottomk")) else "{ } | "
        yield before + typed(stage)
    for grouping in offered["kGrouping"]:
        yield "{ } | rate() " + typed(grouping)


def test_every_suggestion_makes_a_query():
    asked = list(queries())
    assert len(asked) > 60, asked
    done = subprocess.run([harness.CLEW, "traceql", "check", "-"], input="\n".join(asked) + "\n", capture_output=True,
                          text=True, timeout=60, check=False)
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(results) == len(asked), (done.stdout[-500:], done.stderr)
    assert [result for result in results if result["result"] != "ok"] == []


if __name__ == "__main__":
    harness.run_tests(globals())
