"""What else happened while a root ran: facts that belong to no single write of a parameter.

Each event says what an execution did, in the order it did it, and judges nothing. Paths of modules
and parameters are dotted from the root, as everywhere in the model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from initlint.model.source import Call, Span


class Absence(Enum):
    """Why a module has no tensor under the name an initialising call asked for."""

    NONE = "none"        # the attribute is there and holds None: bias=False, affine=False
    ABSENT = "absent"    # there is no such attribute: reading it raises
    LAZY = "lazy"        # it is there, and has no shape before the first forward


class Walk(Enum):
    """How a pass goes through what lies below its root."""

    APPLY = "apply"                  # module.apply(function)
    MODULES = "modules"              # a loop over modules(), named_modules()
    CHILDREN = "children"            # a loop over children(), named_children()
    PARAMETERS = "parameters"        # a loop over parameters(), named_parameters()
    METHOD = "method"                # a method called on the root, that walks nothing by itself


@dataclass(frozen=True, slots=True)
class GainCall:
    """A call of `torch.nn.init.calculate_gain`. `arguments` as in `InitEvent`, defaults filled in."""

    call: Call
    arguments: Mapping[str, object] = field(default_factory=dict)
    guarded: bool = False


@dataclass(frozen=True, slots=True)
class MissingParameter:
    """An initialising call whose tensor is `<module>.<name>`, which `module` (of class `kind`) does not have.

    Also where the tensor is read on the way (`m.bias.data.zero_()`). `target` covers the expression
    that denotes the tensor (`m.bias`), `owner` the one that denotes the module (`m`), None where it is
    not written out. `settings` are the module's constructor arguments, `site` its constructor call.
    """

    call: Call
    module: str
    kind: str
    name: str
    absence: Absence
    settings: Mapping[str, object] = field(default_factory=dict)
    site: Span | None = None
    target: Span | None = None
    owner: Span | None = None
    guarded: bool = False


@dataclass(frozen=True, slots=True)
class LeafWrite:
    """A write in place to a registered parameter that requires grad, or to a view of one, with grad mode on.

    `span` covers the expression or statement that writes; `call` is the method call, None for an
    assignment to a subscript or an augmented one. `function` is the method's name (`normal_`, `__setitem__`,
    `__imul__`). `target` covers the tensor's expression, which is a view where `view` is true.
    """

    span: Span
    call: Call | None
    function: str
    module: str
    kind: str
    name: str
    target: Span
    view: bool = False
    guarded: bool = False


@dataclass(frozen=True, slots=True)
class TensorAssigned:
    """`<module>.<name> = <tensor>` where the name holds a registered parameter and the tensor is none.

    `span` covers the assignment's target, `value` its right-hand side, `call` the call that stands
    there, if one does.
    """

    span: Span
    value: Span
    module: str
    kind: str
    name: str
    call: Call | None = None
    guarded: bool = False


@dataclass(frozen=True, slots=True)
class LostParameter:
    """`<module>.<name>` was given a tensor computed from an `nn.Parameter` that nothing holds at the end.

    `call` is the construction of the parameter, `expression` the one that holds it and everything done to
    it; `operations` are torch's names of what stands between the two, innermost first (`mul`, `view`, `to`,
    `clone`). Operations that returned the parameter itself do not count.
    `trainable` is false where the parameter was built with `requires_grad=False`.
    """

    call: Call
    expression: Span
    operations: tuple[str, ...]
    module: str
    owner: str
    name: str
    trainable: bool = True


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition inside a pass with an initialising call below it.

    `classes` are the names an isinstance or class-name test compares with, `names` the strings a name
    test compares with; both empty for any other condition. `taken` of `considered` evaluations held.
    """

    span: Span
    classes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    considered: int = 0
    taken: int = 0


@dataclass(frozen=True, slots=True)
class Pass:
    """One walk over the modules or parameters below `root` whose body can initialise what it meets.

    `call` is the call that starts it (`self.apply(fn)`, `self.modules()`, `self.init_weights()`), `function`
    the name of what is applied, "" for a loop. `visited` are the modules or parameters it met, `written` the
    parameters it wrote. `missed` are the parameters below `root` in the finished model that the same body writes
    when it meets their module, that this walk did not meet (built later, or deeper than `children()` goes), and that
    nothing else explicit ever writes. `complete` is false where the tree below `root` or a condition of the body is
    not known. `order` is that of the first write, as in `InitEvent.order`.
    """

    call: Call
    walk: Walk
    root: str
    visited: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    function: str = ""
    body: Span | None = None
    order: int = 0
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Cloned:
    """Modules made as copies of another, weights and all.

    `call` is the `copy.deepcopy(...)` or the construction that copies (`nn.TransformerEncoder(layer, 6)`).
    `copies` are the paths of modules of the finished model that are copies of the same original, the
    original among them where the model holds it too. `order` as in `InitEvent.order`. `paired` is true where there is
    one copy, beside the original.
    """

    call: Call
    copies: tuple[str, ...]
    order: int = 0
    paired: bool = False


@dataclass(frozen=True, slots=True)
class UnusedDefinition:
    """A function or method that initialises parameters when run, and that nothing in the program ever runs.

    `name` is qualified inside its file, `span` covers the name where it is defined. `calls` are the
    initialising calls in it, `parameters` what it would write on this root where it is a method of it
    (() for a plain function). `mention` is a place that names it without calling it (`self.init_weights`
    as a statement); None where there is none.
    """

    name: str
    span: Span
    calls: tuple[Call, ...] = ()
    parameters: tuple[str, ...] = ()
    mention: Span | None = None


@dataclass(frozen=True, slots=True)
class KeptPositive:
    """A class of the root, `name`, holds code that keeps weights from getting negative."""

    name: str


Event = (
    GainCall
    | MissingParameter
    | LeafWrite
    | TensorAssigned
    | LostParameter
    | Pass
    | Cloned
    | UnusedDefinition
    | KeptPositive
)
