// Drives the extension in a real VS Code (code-server) with a real browser: squiggle, Problems entry, inlay hint, hover,
// quick fix, fix on save, notebook cell. Heavy, so no part of the default tests.
//
//   npm run package && CODE_SERVER=path/to/code-server PYTHON=path/to/python npm run drive
//
// CODE_SERVER is the launcher of a code-server installation, run with CODE_SERVER_NODE (its own Node; default: this one);
// PYTHON one that has initlint[lsp]; CHROMIUM the browser (default /usr/bin/chromium); SHOTS a folder for screenshots.
import { spawn, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const { CODE_SERVER, PYTHON = "python3", CHROMIUM = "/usr/bin/chromium", CODE_SERVER_NODE = process.execPath } = process.env;
if (!CODE_SERVER) throw new Error("CODE_SERVER names no code-server");
const vsix = join(dirname(dirname(fileURLToPath(import.meta.url))), "initlint.vsix");
const root = mkdtempSync(join(tmpdir(), "drive-"));
const shots = process.env.SHOTS ?? join(root, "shots");
const folders = Object.fromEntries(["home", "workspace", "data", "extensions"].map((name) => [name, join(root, name)]));
for (const folder of [...Object.values(folders), join(folders.data, "User"), shots]) mkdirSync(folder, { recursive: true });

const MODEL = `import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Linear(8, 8)
        self.two = nn.Linear(8, 8)
        nn.init.xavier_normal(self.two.weight)
        s = "\u{1F600}"; nn.init.kaiming_normal(self.one.weight)

    def forward(self, x):
        return F.tanh(self.two(F.relu(self.one(x))))
`;
const FIXED = MODEL.replace("xavier_normal(", "xavier_normal_(").replace("kaiming_normal(", "kaiming_normal_(");
const CELL = "import torch.nn as nn\nnet = nn.Linear(8, 8)\nnn.init.xavier_normal(net.weight)\n";
const model = join(folders.workspace, "model.py");
writeFileSync(model, MODEL);
writeFileSync(join(folders.workspace, "notes.ipynb"), JSON.stringify({
  cells: [{ cell_type: "code", execution_count: null, metadata: {}, outputs: [], source: ["%matplotlib inline\n", CELL] }],
  metadata: { language_info: { name: "python" } }, nbformat: 4, nbformat_minor: 5,
}));
writeFileSync(join(folders.data, "User", "settings.json"), JSON.stringify({
  "initlint.command": [PYTHON, "-m", "initlint", "server"],
  "editor.codeActionsOnSave": { "source.fixAll": "explicit" },
  "workbench.editorAssociations": { "*.ipynb": "jupyter-notebook" },
  "workbench.startupEditor": "none",
  "chat.disableAIFeatures": true,
}));

// No marketplace is asked for anything.
const nowhere = "http://127.0.0.1:9/";
const env = {
  ...process.env, HOME: folders.home,
  EXTENSIONS_GALLERY: JSON.stringify({ serviceUrl: nowhere, itemUrl: nowhere, resourceUrlTemplate: nowhere }),
};
const common = [CODE_SERVER, "--user-data-dir", folders.data, "--extensions-dir", folders.extensions];
const started = Date.now();
const log = (...words) => console.log(`${((Date.now() - started) / 1000).toFixed(1)}s`, ...words);

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function until(what, holds, seconds = 60) {
  const end = Date.now() + 1000 * seconds;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  log(what);
}

execFileSync(CODE_SERVER_NODE, [...common, "--install-extension", vsix], { env, stdio: "inherit" });
const port = await freePort();
const server = spawn(CODE_SERVER_NODE, [
  ...common, "--auth", "none", "--bind-addr", `127.0.0.1:${port}`, "--disable-telemetry", "--disable-update-check",
  "--disable-workspace-trust", "--disable-getting-started-override", folders.workspace,
], { env, stdio: "ignore" });
const address = `http://127.0.0.1:${port}/?folder=${folders.workspace}`;
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
const page = await (await browser.newContext({ viewport: { width: 1400, height: 860 } })).newPage();
page.setDefaultTimeout(90_000);
const shot = (name) => page.screenshot({ path: join(shots, `${name}.png`) });
const texts = async (selector) => (await page.locator(selector).allInnerTexts()).map((text) => text.replace(/\s+/g, " ").trim());

try {
  await until("code-server answers", () => fetch(address).then((answer) => answer.ok, () => false));
  await page.goto(address, { waitUntil: "domcontentloaded" });
  await page.locator(".monaco-workbench").waitFor();
  await page.locator(".explorer-folders-view .monaco-list-row", { hasText: "model.py" }).dblclick();
  await page.locator(".squiggly-info").first().waitFor({ state: "attached" });
  log("squiggles:", await page.locator(".squiggly-info").count());

  await page.keyboard.press("Control+Shift+KeyM");
  await page.locator(".markers-panel .monaco-list-row", { hasText: "INI010" }).first().waitFor();
  log("problems:", (await texts(".markers-panel .monaco-list-row")).join(" | "));

  const lines = () => page.locator(".editor-instance .view-lines").first().innerText();
  await until("inlay hints", async () => /→ ReLU · He ✓/.test((await lines()).replaceAll("\u00a0", " ")));
  log("lenses:", (await texts(".codelens-decoration")).join(" | "));
  await shot("findings");

  await page.locator(".view-line span", { hasText: "Linear" }).last().hover();
  await page.locator(".monaco-hover-content", { hasText: "fan in" }).first().waitFor();
  log("hover:", (await texts(".monaco-hover-content")).join(" ").slice(0, 200));
  await shot("hover");
  await page.keyboard.press("Escape");

  await page.locator(".monaco-editor .view-lines").first().click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("F8");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+Period");
  await page.locator(".action-widget .monaco-list-row").first().waitFor();
  log("menu:", (await texts(".action-widget .monaco-list-row")).join(" | "));
  await shot("menu");
  await page.keyboard.press("Enter");
  await until("quick fix", async () => (await page.locator(".squiggly-info").count()) === 1);

  await page.keyboard.press("Control+KeyS");
  await until("fix on save", () => readFileSync(model, "utf8") === FIXED);
  await until("no squiggle left", async () => (await page.locator(".squiggly-info").count()) === 0);
  await shot("fixed");

  await page.locator(".explorer-folders-view .monaco-list-row", { hasText: "notes.ipynb" }).dblclick();
  await page.locator(".notebook-editor").first().waitFor();
  await page.locator(".notebook-editor .squiggly-info").first().waitFor({ state: "attached" });
  log("squiggles in the cell:", await page.locator(".notebook-editor .squiggly-info").count());
  await shot("notebook");
  log("PASSED, screenshots in", shots);
} catch (error) {
  log("FAILED", error.message, readFileSync(model, "utf8"));
  await shot("failed");
  log("screenshot in", shots);
  process.exitCode = 1;
} finally {
  await browser.close();
  server.kill();
}
if (!process.exitCode && process.env.SHOTS) rmSync(root, { recursive: true, force: true });
