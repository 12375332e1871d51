"""`initlint completion`: scripts that let a shell complete commands, options and their values."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

from initlint.cli import CLEAN
from initlint.cli.arguments import COMMANDS, parser_of
from initlint.cli.console import Console


@dataclass(frozen=True, slots=True)
class _Option:
    flags: tuple[str, ...]
    help: str
    values: tuple[str, ...]
    takes_value: bool


def run(arguments: argparse.Namespace, console: Console) -> int:
    writers = {"bash": _bash, "zsh": _zsh, "fish": _fish}
    console.result("\n".join(writers[arguments.shell]()) + "\n")
    return CLEAN


def _options(command: str) -> tuple[_Option, ...]:
    found = []
    for action in parser_of(command)._actions:
        if action.option_strings and action.help != argparse.SUPPRESS:
            values = tuple(map(str, action.choices or ()))
            found.append(_Option(tuple(action.option_strings), action.help or "", values, action.nargs != 0))
    return tuple(found)


def _arguments(command: str) -> tuple[str, ...]:
    """The words that complete the positional argument of a command; () for files."""
    if command == "rule":
        from initlint.rules.registry import rules

        return tuple(word for rule in rules() for word in (rule.code, rule.name))
    if command == "config":
        from initlint.config.options import OPTIONS

        return tuple(OPTIONS)
    return ("bash", "zsh", "fish") if command == "completion" else ()


def _bash() -> Iterator[str]:
    yield "_initlint() {"
    yield '    local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" command=check words'
    yield f'    case "${{COMP_WORDS[1]}}" in {"|".join(COMMANDS)}) command="${{COMP_WORDS[1]}}";; esac'
    yield '    case "$command $previous" in'
    for command in COMMANDS:
        for option in _options(command):
            if option.values:
                patterns = "|".join(f'"{command} {flag}"' for flag in option.flags)
                words = " ".join(option.values)
                yield f'        {patterns}) COMPREPLY=($(compgen -W "{words}" -- "$current")); return;;'
    yield "    esac"
    yield '    case "$command" in'
    for command in COMMANDS:
        flags = [flag for option in _options(command) for flag in option.flags if flag.startswith("--")]
        yield f'        {command}) words="{" ".join([*flags, *_arguments(command)])}";;'
    yield "    esac"
    yield f'    [ "$COMP_CWORD" = 1 ] && words="$words {" ".join(COMMANDS)}"'
    yield '    COMPREPLY=($(compgen -W "$words" -- "$current") $(compgen -f -- "$current"))'
    yield "}"
    yield "complete -o filenames -F _initlint initlint"


def _zsh() -> Iterator[str]:
    yield "#compdef initlint"
    yield "_initlint() {"
    yield "    local -a commands"
    yield "    commands=("
    for name, text in COMMANDS.items():
        yield f"        {_quoted(f'{name}:{text}')}"
    yield "    )"
    yield '    local command="${words[2]}"'
    yield "    (( ${+commands[(r)$command:*]} )) || command=check"
    yield '    (( CURRENT == 2 )) && _describe command commands'
    yield '    [[ "$command" == "${words[2]}" ]] && { shift words; (( CURRENT-- )); }'
    yield '    case "$command" in'
    for command in COMMANDS:
        specs = [spec for option in _options(command) for spec in _zsh_specs(option)]
        words = _arguments(command)
        specs.append(_quoted(f"*:argument:({' '.join(words)})" if words else "*:path:_files"))
        yield f"        {command}) _arguments {' '.join(specs)};;"
    yield "    esac"
    yield "}"
    yield 'compdef _initlint initlint'


def _zsh_specs(option: _Option) -> Iterator[str]:
    text = option.help.replace("[", "(").replace("]", ")").replace(":", " -")
    for flag in option.flags:
        value = ""
        if option.takes_value:
            value = f":value:({' '.join(option.values)})" if option.values else ":value:_files"
        yield _quoted(f"{flag}[{text}]{value}")


def _fish() -> Iterator[str]:
    commands = " ".join(COMMANDS)
    for name, text in COMMANDS.items():
        yield f"complete -c initlint -n __fish_use_subcommand -a {name} -d {_quoted(text)}"
    for command in COMMANDS:
        seen = f"__fish_seen_subcommand_from {command}"
        if command == "check":
            seen = f"{seen}; or not __fish_seen_subcommand_from {commands}"
        for option in _options(command):
            names = " ".join(f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}" for flag in option.flags)
            value = " -r" if option.takes_value else ""
            if option.values:
                value = f" -x -a {_quoted(' '.join(option.values))}"
            yield f"complete -c initlint -n {_quoted(seen)} {names}{value} -d {_quoted(option.help)}"
        words = _arguments(command)
        if words:
            yield f"complete -c initlint -n {_quoted(seen)} -f -a {_quoted(' '.join(words))}"


def _quoted(text: str) -> str:
    """As one word of a shell."""
    return "'" + text.replace("\\", "\\\\").replace("'", "'\\''") + "'"
