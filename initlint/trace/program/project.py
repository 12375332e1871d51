"""The project: which file is which module, what a name refers to, and module scopes executed on demand.

Imports are followed inside the project only. A name imported at module level is looked up when it is
first used, so a module that nothing needs is never executed, and circular imports resolve.
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from initlint.files.modules import MODULE_WEIGHT, Modules
from initlint.signal.since import NEWEST, Version, spelled
from initlint.syntax.parse import parse
from initlint.syntax.source import Fault, Source, read
from initlint.trace.machine.code import local_names
from initlint.trace.machine.frames import Frame
from initlint.trace.machine.interpreter import Interpreter
from initlint.trace.machine.memo import Tally
from initlint.trace.machine.values import (
    ABSENT,
    AltV,
    ClassV,
    Exhausted,
    ModuleScope,
    Raised,
    Store,
    UnknownV,
    Value,
    before_roots,
)
from initlint.trace.machine.versions import VersionV
from initlint.trace.program.external import external, is_known_package, star_names
from initlint.trace.program.promises import Promise, promises
from initlint.trace.python.builtins import BUILTINS
from initlint.trace.python.expressions import Compiler
from initlint.trace.python.library.registry import told
from initlint.trace.python.statements import statement

MODULE_STEPS: Final = 40_000
"""Statements and calls one module's own body may execute. A statement that takes them all is given up, and those after
it may take half as many, and so on."""
STATEMENT_STEPS: Final = 100
"""What is left to each statement in the end: enough to define a class."""
_TORCH_VERSION: Final = frozenset({"torch.__version__", "torch.version.__version__", "torch.torch_version.__version__"})
_CIRCULAR: Final = UnknownV("circular import")
"""What a name is bound to while the import behind it is followed."""


class ImportRef:
    """A name bound by an import that has not been followed yet."""

    __slots__ = ("module", "name")

    def __init__(self, module: ModuleScope, name: str) -> None:
        self.module = module
        self.name = name


class Project:
    """The files under trace and what can be imported from them.

    `held` counts the characters of the modules executed so far, each with MODULE_WEIGHT for itself;
    `scripts` keeps, by file, what the recorder saw of the modules that a file builds when it is imported or run;
    `exposed` are the files whose names code may have read all at once, or by names it worked out;
    `aliases` are dotted names that stand for others, `followed` the installed packages whose source is read like the
    project's own, each with the folders it may lie in; `torch` is the version of torch that the code is for.
    """

    def __init__(
        self,
        sources: Iterable[Source],
        roots: Iterable[str] = (),
        aliases: Mapping[str, str] | None = None,
        followed: Mapping[str, Sequence[str]] | None = None,
        torch: Version = NEWEST,
    ) -> None:
        self.nowhere = ModuleScope("", "", "")
        self.sources: dict[str, Source] = {source.path: source for source in sources}
        self._displayed: dict[str, str] = {}
        self._any_relative = any(not os.path.isabs(path) for path in self.sources)
        self.by_file: dict[str, ModuleScope] = {}
        self._by_name: dict[tuple[str, str], ModuleScope | None] = {}
        self._roots = [os.path.abspath(root) for root in roots]
        self._modules = Modules()
        self._aliases = dict(aliases or {})
        self._followed = dict(followed or {})
        self.torch = torch
        self.torch_version = VersionV(f"{spelled(torch)}.0")
        self.held = 0
        self.exposed: set[str] = set()
        self.scripts: dict[str, dict[str, Any]] = {}
        self._promises: dict[str, dict[str, list[Promise]]] = {}
        self.interpreter = Interpreter(self)

    def close(self) -> None:
        """Lets go of what its modules hold: classes and their methods, modules and the interpreter refer to each other
        in circles, and to find these would take a search of everything."""
        for scope in self.by_file.values():
            for value in scope.names.values():
                if type(value) is ClassV:
                    value.attrs.clear()
            scope.names.clear()
            scope.tree = None
        vars(self.interpreter).clear()
        vars(self).clear()

    # -- files and modules ----------------------------------------------------------------------

    def scope_of(self, source: Source) -> ModuleScope:
        """The module that a linted file is."""
        scope = self.by_file.get(source.path)
        if scope is None:
            name, root = self._modules.name_of(source.path)
            scope = self._register(name, source.path, root)
        return scope

    def _register(self, name: str, file: str, root: str) -> ModuleScope:
        is_package = os.path.basename(file) == "__init__.py"
        scope = ModuleScope(name, file, name if is_package else name.rpartition(".")[0])
        scope.names["__name__"] = name or "__main__"
        scope.names["__file__"] = file
        scope.names["__package__"] = scope.package
        self.by_file[file] = scope
        self._by_name[root, name] = scope
        scope.names["<root>"] = root
        return scope

    def find(self, name: str, scope: ModuleScope) -> ModuleScope | None:
        """The project's module called `name`, as imported from `scope`."""
        root = scope.names.get("<root>")
        starts = self._modules.starts(root, self._roots) if isinstance(root, str) and root else self._roots
        for base in dict.fromkeys([*starts, *self._followed.get(name.split(".")[0], ())]):
            found = self._find_under(name, base, scope)
            if found is not None:
                return found
        return None

    def _find_under(self, name: str, root: str, scope: ModuleScope) -> ModuleScope | None:
        key = (root, name)
        if key in self._by_name:
            return self._by_name[key]
        found: ModuleScope | None = None
        top = name.split(".")[0]
        own = scope.name.split(".")[0]
        visible = top == own or root in self._followed.get(top, ()) or not self._modules.is_installed(root)
        if (not is_known_package(top) or top == own) and visible:
            file = self._file_of(name, root)
            if file is not None:
                widest = min((name, root), self._modules.name_of(file), key=lambda each: len(each[1]))
                found = self.by_file.get(file) or self._register(widest[0], file, widest[1])
            elif self._is_folder(name, root):
                found = _folder(name, root)
        self._by_name[key] = found
        return found

    def _file_of(self, name: str, root: str) -> str | None:
        file = self._modules.file_of(name, root)
        return None if file is None else self._display(file)

    def _is_folder(self, name: str, root: str) -> bool:
        folder = os.path.join(root, *name.split("."))
        return any(entry.endswith(".py") for entry in self._modules.listing(folder))

    def _display(self, file: str) -> str:
        """The path by which a linted source calls this file, else relative like the others."""
        found = self._displayed.get(file)
        if found is None:
            relative = os.path.relpath(file)
            plain = file in self.sources or (relative not in self.sources and not self._any_relative)
            found = self._displayed[file] = file if plain else relative
        return found

    # -- execution ------------------------------------------------------------------------------

    def source(self, file: str) -> Source | None:
        found = self.sources.get(file)
        if found is None:
            loaded = read(file)
            if isinstance(loaded, Fault):
                return None
            found = self.sources[file] = loaded
            self._any_relative = self._any_relative or not os.path.isabs(file)
        return found

    def tree(self, file: str) -> ast.Module | None:
        """The syntax of a file of the project that has been executed."""
        scope = self.by_file.get(file)
        return None if scope is None else scope.tree

    def execute(self, scope: ModuleScope) -> None:
        """Run a module's body once, outside any branch of the root in progress."""
        if scope.status != "new":
            return
        scope.status = "running"
        source = self.source(scope.file)
        self.held += MODULE_WEIGHT + (0 if source is None else len(source.text))
        tree = parse(source) if source is not None else None
        if not isinstance(tree, ast.Module):
            scope.open_names = True
            scope.status = "done"
            return
        scope.tree = tree
        interpreter = self.interpreter
        heap = interpreter.heap
        saved = (heap.marks, heap.newest_mark, heap.root_mark, heap.journal, heap.epoch)
        outside = interpreter.steps, interpreter.limit, interpreter.frame, interpreter.loop_start
        known_builds, interpreter.known_builds = interpreter.known_builds, None
        tally, interpreter.memo.tally = interpreter.memo.tally, Tally()
        heap.marks, heap.newest_mark, heap.root_mark, heap.journal, heap.epoch = [], 0, 0, [], 0
        interpreter.steps, interpreter.limit, interpreter.loop_start = 0, MODULE_STEPS, 0
        frame = Frame(scope, None, None, scope.names)
        compiler = Compiler(interpreter, None)
        recording = interpreter.recorder.pause()
        try:
            with before_roots():
                for node in tree.body:
                    if is_main_guard(node):
                        continue
                    try:
                        statement(compiler, node)(frame)
                    except Raised:
                        self._forget(node, scope)
                    except Exhausted:
                        scope.open_names = True
                        interpreter.steps, interpreter.limit = 0, max(interpreter.limit // 2, STATEMENT_STEPS)
                        self._forget(node, scope)
                    except RecursionError:
                        scope.open_names = True
        finally:
            if interpreter.recorder.built:
                self.scripts[scope.file] = interpreter.recorder.pause()
            interpreter.recorder.resume(recording)
            heap.marks, heap.newest_mark, heap.root_mark, heap.journal, heap.epoch = saved
            interpreter.steps, interpreter.limit, interpreter.frame, interpreter.loop_start = outside
            interpreter.known_builds = known_builds
            interpreter.memo.entered |= interpreter.memo.tally.entered
            interpreter.memo.tally = tally
            scope.status = "done"
        for dotted, target in self._aliases.items():
            home, _, name = dotted.rpartition(".")
            if home == scope.name:
                scope.names[name] = external(target)

    def outside(self, name: str) -> Value:
        """The value of a dotted name outside the project, or of what it is declared to stand for."""
        if name in _TORCH_VERSION:
            return self.torch_version
        return told(external(self._aliases.get(name, name)))

    def _forget(self, node: ast.stmt, scope: ModuleScope) -> None:
        """What a statement that could not be executed would have bound is unknown."""
        for name in local_names([node])[0]:
            scope.names.setdefault(name, UnknownV("statement not followed"))

    # -- names ----------------------------------------------------------------------------------

    def look_up(self, frame: Frame, name: str, nearest: Store | None = None) -> Value:
        """A name that is not a local variable: enclosing functions, the module, builtins. `nearest` is a scope to
        search before them: that of a module's or class's own body."""
        if nearest is not None and name in nearest:
            return self._settled(nearest, name)
        for scope in frame.closure:
            if name in scope:
                return self.settle(scope[name])
        if name in frame.module.names:
            return self._settled(frame.module.names, name)
        found = BUILTINS.get(name, ABSENT)
        if found is not ABSENT:
            return found
        return UnknownV(f"name {name} is not known")

    def _settled(self, names: Store, name: str) -> Value:
        """A name's value in a scope, which an import that was put off is then bound to."""
        value = names[name]
        if type(value) not in (ImportRef, AltV):
            return value
        resolved = self.settle(value)
        if type(value) is ImportRef:
            names[name] = resolved
        return resolved

    def settle(self, value: Value) -> Value:
        """Follow an import that was put off; drop the alternative of not being bound."""
        if type(value) is ImportRef:
            return self.settle(self.member(value.module, value.name))
        if type(value) is AltV:
            kept = [self.settle(option) for option in value.options if option is not ABSENT]
            return self.interpreter.heap.join(kept) if kept else UnknownV("name is not bound")
        return value

    def member(self, module: ModuleScope, name: str) -> Value:
        """`module.name`, a submodule included."""
        self.execute(module)
        value = module.names.get(name, ABSENT)
        if value is _CIRCULAR or (type(value) is ImportRef and value.module is module and value.name == name):
            value = ABSENT
        if type(value) is ImportRef or type(value) is AltV:
            module.names[name] = _CIRCULAR
            resolved = value
            try:
                resolved = self.settle(value)
            finally:
                module.names[name] = resolved if type(value) is ImportRef else value
            return resolved
        if value is not ABSENT:
            return value
        submodule = self.find(f"{module.name}.{name}".lstrip("."), module)
        if submodule is not None:
            return submodule
        told = self.promised(module, name)
        if told is not ABSENT:
            return told
        getter = module.names.get("__getattr__", ABSENT)
        if getter is not ABSENT:
            return UnknownV(f"{module.name}.{name} is computed")
        return UnknownV(f"{module.name} has no known {name}")

    def has(self, module: ModuleScope, name: str) -> bool | None:
        """Whether a module has a name, as code that asks for it by a string is told."""
        self.execute(module)
        if name in module.names or self.promised(module, name) is not ABSENT:
            return True
        return None if module.open_names or "__getattr__" in module.names else False

    def promised(self, module: ModuleScope, name: str) -> Value:
        """What a module tells type checkers that it has under a name; ABSENT where it tells them nothing."""
        if module.tree is None:
            return ABSENT
        if module.file not in self._promises:
            self._promises[module.file] = promises(module.tree)
        told = self._promises[module.file]
        frame = Frame(module, None, None)
        for place, level, there in (*told.get(name, ()), *told.get("*", ())):
            target = self._target(place, level, frame)
            if isinstance(target, ModuleScope):
                if there != "*":
                    return self.member(target, there)
                self.execute(target)
                if name in self._offered(target):
                    return self.member(target, name)
            elif isinstance(target, str) and there != "*":
                return self.outside(f"{target}.{there}")
        return ABSENT

    # -- imports --------------------------------------------------------------------------------

    def is_certain(self, name: str) -> bool:
        """Whether importing `name` surely succeeds: the standard library, torch, or the project itself."""
        top = name.split(".")[0]
        return top in sys.stdlib_module_names or top in ("torch", "numpy") or self._is_own(top)

    def _is_own(self, top: str) -> bool:
        return any(key[1].split(".")[0] == top for key, scope in self._by_name.items() if scope is not None)

    def import_module(self, name: str, frame: Frame) -> tuple[str, Value]:
        scope = self.find(name, frame.module)
        if scope is None:
            return name, external(name)
        if scope is frame.module:
            self.exposed.add(scope.file)
        return name, scope

    def import_name(self, module: str, level: int, name: str, frame: Frame) -> Value:
        target = self._target(module, level, frame)
        if target is None:
            return UnknownV(f"import of {module}.{name} is outside the project")
        if isinstance(target, str):
            return self.outside(f"{target}.{name}")
        if frame.function is None:
            return ImportRef(target, name)
        return self.settle(ImportRef(target, name))

    def import_star(self, module: str, level: int, frame: Frame) -> None:
        target = self._target(module, level, frame)
        if isinstance(target, ModuleScope):
            self.execute(target)
            for name in self._offered(target):
                frame.module.names[name] = ImportRef(target, name)
            frame.module.open_names = frame.module.open_names or target.open_names
            return
        names = star_names(target) if isinstance(target, str) else None
        if names is None:
            frame.module.open_names = True
            return
        for name in names:
            frame.module.names[name] = external(f"{target}.{name}")

    def _offered(self, module: ModuleScope) -> list[str]:
        """The names that `from module import *` binds."""
        chosen = getattr(module.names.get("__all__"), "items", None)
        names = chosen if isinstance(chosen, list) else [name for name in module.names if not name.startswith("_")]
        return [name for name in names if isinstance(name, str) and name in module.names and name != "<root>"]

    def _target(self, module: str, level: int, frame: Frame) -> ModuleScope | str | None:
        """The module an import statement names: of the project, by dotted name outside it, or None."""
        if not level:
            return self.find(module, frame.module) or module
        base = frame.module.package.split(".") if frame.module.package else []
        root = frame.module.names.get("<root>", "")
        if level - 1 > len(base):
            root, base = self._modules.above(frame.module.file, level)
        parts = base[: len(base) - (level - 1)]
        name = ".".join([*parts, *([module] if module else [])])
        if not root or not isinstance(root, str):
            return None
        return self._find_under(name, root, frame.module) if name else _folder("", root)

    def module_called(self, name: str, frame: Frame) -> Value:
        """The module that code names by a string."""
        _, found = self.import_module(name, frame)
        if isinstance(found, ModuleScope):
            self.exposed.add(found.file)
        return found


def _folder(name: str, root: str) -> ModuleScope:
    """The package that a folder without an `__init__.py` is; one without a name holds what lies in `root`."""
    found = ModuleScope(name, "", name)
    found.names["<root>"] = root
    found.status = "done"
    return found


def is_main_guard(node: ast.stmt) -> bool:
    """`if __name__ == "__main__":`."""
    if not isinstance(node, ast.If) or not isinstance(node.test, ast.Compare):
        return False
    sides = [node.test.left, *node.test.comparators]
    return any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides) and any(
        isinstance(side, ast.Constant) and side.value == "__main__" for side in sides
    )


__all__ = ["ImportRef", "Path", "Project", "is_main_guard"]
