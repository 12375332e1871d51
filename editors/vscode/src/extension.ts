import {
  commands, ExtensionContext, languages, LanguageStatusItem, LanguageStatusSeverity, OutputChannel, Position, Uri,
  window, workspace,
} from "vscode";
import {
  DocumentSelector, LanguageClient, LanguageClientOptions, Location, Position as ProtocolPosition, ServerOptions,
  State, TransportKind,
} from "vscode-languageclient/node";

const NAME = "initlint";
const SHOW_PLACES = `${NAME}.showPlaces`;
const FIX_ALL = `${NAME}.fixAll`; // the server's own command; it needs a document
const SELECTOR: DocumentSelector = [
  { scheme: "file", language: "python" },
  { scheme: "untitled", language: "python" },
  { scheme: "vscode-notebook-cell", language: "python" },
];

let client: LanguageClient | undefined;
let log: OutputChannel;
let status: LanguageStatusItem;

export async function activate(context: ExtensionContext): Promise<void> {
  log = window.createOutputChannel(NAME, { log: true });
  status = languages.createLanguageStatusItem(NAME, SELECTOR as never);
  status.name = NAME;
  status.command = { command: `${NAME}.showLog`, title: "Show log" };
  context.subscriptions.push(
    log,
    status,
    commands.registerCommand(`${NAME}.restart`, restart),
    commands.registerCommand(`${NAME}.showLog`, () => log.show()),
    commands.registerCommand(`${NAME}.fixFile`, fixFile),
    commands.registerCommand(SHOW_PLACES, showPlaces),
    workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration(`${NAME}.command`)) await restart();
    }),
  );
  await start();
}

export function deactivate(): Thenable<void> | undefined {
  return client?.stop();
}

async function restart(): Promise<void> {
  const before = client;
  client = undefined;
  try {
    await before?.dispose();
  } catch (error) {
    log.appendLine(`stopping: ${error}`); // a server that died cannot say goodbye
  }
  await start();
}

async function start(): Promise<void> {
  const [command, ...args] = workspace.getConfiguration(NAME).get<string[]>("command") ?? [];
  if (!command) return tell("no command to start the server", LanguageStatusSeverity.Error);
  const server: ServerOptions = { command, args, transport: TransportKind.stdio };
  const options: LanguageClientOptions = {
    documentSelector: SELECTOR,
    outputChannel: log,
    initializationOptions: { showPlaces: SHOW_PLACES },
  };
  const starting = new LanguageClient(NAME, NAME, server, options);
  client = starting;
  starting.onDidChangeState(({ newState }) => {
    if (client !== starting) return;
    if (newState === State.Running) tell("running", LanguageStatusSeverity.Information);
    else if (newState === State.Starting) tell("starting", LanguageStatusSeverity.Information);
    else tell("stopped", LanguageStatusSeverity.Warning);
  });
  try {
    await starting.start();
  } catch (error) {
    log.appendLine(`${command} ${args.join(" ")}: ${error}`);
    tell("the server does not start", LanguageStatusSeverity.Error);
    const choice = await window.showErrorMessage(
      `${NAME}: the server does not start. Is 'initlint[lsp]' installed, and does "${NAME}.command" name it?`,
      "Open settings", "Show log",
    );
    if (choice === "Open settings") await commands.executeCommand("workbench.action.openSettings", `${NAME}.command`);
    if (choice === "Show log") log.show();
  }
}

function tell(text: string, severity: LanguageStatusSeverity): void {
  const version = client?.initializeResult?.serverInfo?.version;
  status.text = version && severity === LanguageStatusSeverity.Information ? `${NAME} ${version}` : NAME;
  status.detail = text;
  status.severity = severity;
  status.busy = text === "starting";
}

async function fixFile(): Promise<void> {
  const document = window.activeTextEditor?.document;
  if (document) await commands.executeCommand(FIX_ALL, document.uri.toString());
}

async function showPlaces(uri: string, position: ProtocolPosition, places: Location[]): Promise<void> {
  if (!client) return;
  const converter = client.protocol2CodeConverter;
  await commands.executeCommand(
    "editor.action.showReferences", Uri.parse(uri), new Position(position.line, position.character),
    places.map((place) => converter.asLocation(place)),
  );
}
