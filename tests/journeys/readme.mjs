// What the README shows is what happens.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { binary } from "../lib/server.mjs";

test("the example of the README gives the advice that it shows", () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const block = (kind) => readme.match(new RegExp(`\`\`\`${kind}\\n([^]*?)\`\`\``))[1];
  const said = spawnSync(binary, ["advise", "-"], { input: block("toml"), encoding: "utf8" });
  assert.equal(said.status, 0, said.stderr);
  const lines = said.stdout.split("\n").map((line) => line.trimEnd());
  let from = 0;
  for (const line of block("text").trimEnd().split("\n")) {
    const at = lines.indexOf(line, from);
    assert.ok(at >= 0, `"${line}" is not said, or not in this order`);
    from = at + 1;
  }
});
