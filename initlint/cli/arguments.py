"""The parser of the command line."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Sequence
from typing import Any, Final, NoReturn

from initlint.config.errors import did_you_mean
from initlint.config.options import OUTPUT_FORMATS, SEVERITIES
from initlint.model.finding import Severity

COMMANDS: Final = {
    "check": "report what is wrong with the initialisation of models (the default)",
    "show": "list every layer: what follows it and how it is initialised",
    "rule": "explain a rule, or all of them",
    "demo": "findings, layers and fixes on a bundled example model",
    "server": "run the language server (needs the extra `lsp`)",
    "clean": "remove the cache",
    "config": "list the configuration's options, or explain one",
    "completion": "print a completion script for a shell",
}
SHELLS: Final = ("bash", "zsh", "fish")
_WITH_OPTIONAL_VALUE: Final = ("--add-noqa", "--write-baseline")


class _Parser(argparse.ArgumentParser):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("allow_abbrev", False)
        kwargs.setdefault("formatter_class", _Help)
        super().__init__(*args, **kwargs)

    def error(self, message: str) -> NoReturn:
        usage = (self.usage or "").replace("%(prog)s", self.prog)
        self.exit(2, f"error: {message}\n\nUsage: {usage}\nFor all options: {self.prog} --help\n")


class _Help(argparse.HelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=32, width=min(int(os.environ.get("COLUMNS", 0)) or 100, 120))


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The command and its options. Raises SystemExit: 2 for wrong arguments, 0 where they ask for help."""
    words = list(arguments)
    if words[:1] == ["help"]:
        words = [*words[1:2], "--help"]
    if not words or words[0] not in COMMANDS:
        if {"-h", "--help"}.intersection(words[:1]):
            _overview().parse_args(words)
        words.insert(0, "check")
    command = parser_of(words[0])
    parsed, unknown = command.parse_known_intermixed_args(_with_values(words[1:]))
    if unknown:
        hint = did_you_mean(unknown[0].split("=")[0], command._option_string_actions)
        command.error(f"unexpected argument `{unknown[0]}`{hint}")
    parsed.command = words[0]
    return parsed


def parser_of(command: str) -> argparse.ArgumentParser:
    parser = _Parser(prog=f"initlint {command}", description=_sentence(COMMANDS[command]))
    _BUILDERS[command](parser)
    return parser


def _overview() -> argparse.ArgumentParser:
    """The parser that only knows how to list the commands."""
    parser = _Parser(
        prog="initlint",
        usage="%(prog)s [COMMAND] [OPTIONS] [PATH ...]",
        description="Finds wrong, missing and useless weight initialisation in PyTorch models, without running them.",
        epilog="`initlint PATH` means `initlint check PATH`. `initlint COMMAND --help` lists the options of a command.",
    )
    parser.add_argument("-V", "--version", action="store_true", help="print the version")
    commands = parser.add_subparsers(metavar="COMMAND", title="commands", parser_class=_Parser)
    for name, help_text in COMMANDS.items():
        commands.add_parser(name, help=help_text)
    return parser


def _with_values(words: Sequence[str]) -> list[str]:
    """Options whose value may be left out, given an empty one: else they would swallow a path."""
    end = words.index("--") if "--" in words else len(words)
    return [f"{word}=" if word in _WITH_OPTIONAL_VALUE and at < end else word for at, word in enumerate(words)]


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."


def _check(command: argparse.ArgumentParser) -> None:
    command.usage = "%(prog)s [OPTIONS] [PATH ...]"
    _paths(command)
    rules = command.add_argument_group("rules", "RULES: codes, prefixes of codes, names, or ALL, separated by commas.")
    _list(rules, "--select", "RULES", "run these rules instead of the default ones")
    _list(rules, "--ignore", "RULES", "do not run these")
    _list(rules, "--extend-select", "RULES", "run these as well")
    _list(rules, "--extend-ignore", "RULES", "do not run these either")
    _list(rules, "--per-file-ignores", "PATTERN:RULE", "do not run RULE in files that match; `!` negates PATTERN")
    rules.add_argument("--target-version", metavar="VERSION", help="the version of torch the code is for, such as 2.13")

    fixes = command.add_argument_group("fixes")
    _switch(fixes, "fix", "apply safe fixes")
    _switch(fixes, "unsafe-fixes", "apply fixes that change numbers too")
    _switch(fixes, "fix-only", "apply fixes and report nothing that is left")
    fixes.add_argument("--diff", action="store_true", help="print what fixes would change, and change nothing")
    _switch(fixes, "show-fixes", "list what was fixed")
    _list(fixes, "--fixable", "RULES", "apply the fixes of these rules only")
    _list(fixes, "--unfixable", "RULES", "do not apply the fixes of these")

    output = command.add_argument_group("output")
    output.add_argument("--output-format", choices=OUTPUT_FORMATS, metavar="FORMAT", help=", ".join(OUTPUT_FORMATS))
    output.add_argument("-o", "--output-file", metavar="FILE", help="write the report to FILE")
    output.add_argument("--statistics", action="store_true", help="count findings by rule")
    _volume(output)

    exits = command.add_argument_group("exit code", "0 nothing found, 1 findings, 2 wrong arguments or configuration.")
    exits.add_argument("-e", "--exit-zero", action="store_true", help="0 also where there are findings")
    exits.add_argument("--exit-non-zero-on-fix", action="store_true", help="1 also where all findings were fixed")
    exits.add_argument("--fail-on", choices=tuple(SEVERITIES), metavar="SEVERITY",
                       help=f"1 only from this severity on: {', '.join(severity.value for severity in Severity)}")

    adoption = command.add_argument_group("adoption")
    adoption.add_argument("--add-noqa", metavar="[=REASON]", help="write a `# noqa` beside each finding")
    adoption.add_argument("--baseline", metavar="FILE", help="do not report the findings recorded in FILE")
    adoption.add_argument("--write-baseline", metavar="[=FILE]", help="record the present findings")

    _files(command, stdin=True)
    _configuration(command, show=True)
    _running(command)


def _show(command: argparse.ArgumentParser) -> None:
    command.usage = "%(prog)s [OPTIONS] [PATH ...]"
    _paths(command)
    output = command.add_argument_group("output")
    output.add_argument("--format", choices=("text", "json"), default="text", metavar="FORMAT",
                        help="text (a table) or json (schema 1)")
    output.add_argument("-o", "--output-file", metavar="FILE", help="write the report to FILE")
    _volume(output)
    _files(command, stdin=True)
    _configuration(command, show=False)
    _running(command)


def _rule(command: argparse.ArgumentParser) -> None:
    command.usage = "%(prog)s [OPTIONS] RULE|--all"
    command.add_argument("rule", nargs="?", metavar="RULE", help="code or name")
    command.add_argument("--all", action="store_true", help="every rule")
    command.add_argument("--output-format", choices=("text", "json", "markdown"), default="text", metavar="FORMAT",
                         help="text, json, markdown")
    _volume(command)


def _demo(command: argparse.ArgumentParser) -> None:
    command.usage = "%(prog)s [OPTIONS]"
    _volume(command)


def _server(command: argparse.ArgumentParser) -> None:
    command.usage = "%(prog)s [OPTIONS]"
    command.add_argument("--stdio", action="store_true", help="talk over standard input and output (the default)")
    _volume(command)
    _configuration(command, show=False)


def _clean(command: argparse.ArgumentParser) -> None:
    command.usage = "%(prog)s [OPTIONS] [FOLDER ...]"
    command.add_argument("paths", nargs="*", metavar="FOLDER", help="projects whose cache goes (default: this one)")
    command.add_argument("--cache-dir", metavar="FOLDER", help="the cache to remove")
    _volume(command)


def _config(command: argparse.ArgumentParser) -> None:
    command.usage = "%(prog)s [OPTION]"
    command.add_argument("option", nargs="?", metavar="OPTION", help="an option's key")
    _volume(command)


def _completion(command: argparse.ArgumentParser) -> None:
    command.usage = "%(prog)s SHELL"
    command.add_argument("shell", choices=SHELLS, metavar="SHELL", help=", ".join(SHELLS))
    _volume(command)


def _paths(command: argparse.ArgumentParser) -> None:
    command.add_argument("paths", nargs="*", metavar="PATH", help="files and folders (default: .); - is standard input")


def _list(group: argparse._ArgumentGroup, flag: str, metavar: str, help_text: str) -> None:
    group.add_argument(flag, action="append", metavar=metavar, help=help_text)


def _switch(group: argparse._ArgumentGroup, name: str, help_text: str) -> None:
    """`--name` and `--no-name`; None where neither is given."""
    target = name.replace("-", "_")
    group.add_argument(f"--{name}", dest=target, action="store_true", default=None, help=help_text)
    group.add_argument(f"--no-{name}", dest=target, action="store_false", default=None, help=argparse.SUPPRESS)


def _volume(group: argparse._ActionsContainer) -> None:
    group.add_argument("--color", choices=("auto", "always", "never"), default="auto", metavar="WHEN",
                       help="auto, always or never")
    loud = group.add_mutually_exclusive_group()
    loud.add_argument("-q", "--quiet", action="store_true", help="print findings and nothing else")
    loud.add_argument("-s", "--silent", action="store_true", help="print nothing; the exit code tells")
    loud.add_argument("-v", "--verbose", action="store_true", help="say more about the run")


def _files(command: argparse.ArgumentParser, *, stdin: bool) -> None:
    files = command.add_argument_group("files")
    _list(files, "--exclude", "PATTERNS", "leave out paths that match, instead of the usual ones")
    _list(files, "--extend-exclude", "PATTERNS", "leave out these as well")
    _switch(files, "respect-gitignore", "leave out what git ignores (the default; --no-respect-gitignore takes it in)")
    _switch(files, "force-exclude", "leave out excluded files even where they are named")
    if stdin:
        files.add_argument("--stdin-filename", metavar="FILE", help="the name of what comes from standard input")


def _configuration(command: argparse.ArgumentParser, *, show: bool) -> None:
    group = command.add_argument_group("configuration")
    group.add_argument("--config", action="append", metavar="FILE|KEY=VALUE",
                       help="read this file, or set one option, as in --config 'select = [\"INI1\"]'")
    group.add_argument("--isolated", action="store_true", help="read no configuration file")
    if show:
        group.add_argument("--show-settings", action="store_true", help="print the settings and stop")
        group.add_argument("--show-files", action="store_true", help="print the files that would be read and stop")


def _running(command: argparse.ArgumentParser) -> None:
    group = command.add_argument_group("running")
    group.add_argument("-n", "--no-cache", action="store_true", help="neither read nor write the cache")
    group.add_argument("--cache-dir", metavar="FOLDER", help="where the cache is kept")
    group.add_argument("-j", "--jobs", metavar="N", help="processes (default: as many as cores)")


_BUILDERS: Final = {
    "check": _check,
    "show": _show,
    "rule": _rule,
    "demo": _demo,
    "server": _server,
    "clean": _clean,
    "config": _config,
    "completion": _completion,
}


def split(values: Iterable[str] | None) -> list[str] | None:
    """The elements of an option that takes a list: repeated, or separated by commas."""
    if values is None:
        return None
    return [part for value in values for part in (piece.strip() for piece in value.split(",")) if part]
