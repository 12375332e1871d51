// Type check, bundle, pack: initlint.vsix. The same sources give the same bytes.
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { copyFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);

function run(script, ...args) {
  const env = { ...process.env, SOURCE_DATE_EPOCH: "315532800" }; // the first second that a zip archive can tell
  execFileSync(process.execPath, [script, ...args], { cwd: root, stdio: "inherit", env });
}

rmSync(join(root, "dist"), { recursive: true, force: true });
copyFileSync(join(root, "..", "..", "LICENSE"), join(root, "LICENSE"));
run(require.resolve("typescript/bin/tsc"), "--noEmit", "-p", ".");
await build({
  absWorkingDir: root,
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  bundle: true,
  minify: true,
  platform: "node",
  format: "cjs",
  target: "node18",
  external: ["vscode"],
});
run(
  join(dirname(require.resolve("@vscode/vsce/package.json")), "vsce"),
  "package", "--no-dependencies", "--allow-missing-repository", "-o", "initlint.vsix",
);
