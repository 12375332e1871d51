"""The shapes of the vocabulary's rows: what a module, a function, an initialiser of torch is.

Nothing here evaluates anything. Expressions (`shape`, `when`, the arguments of a `Fill`) are
text in the small language of `vocabulary.formula`; signatures are text, read on demand by
`vocabulary.signatures`. The rows are named tuples: there are a thousand of them, made at every
start, and a frozen dataclass takes three times as long to make.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from initlint.model.graph import Role


class Extra(str, Enum):
    """Roles that leave no node of their own in a signal graph, or need the interpreter's judgement."""

    BASE = "base"                # nn.Module itself: nothing is known of what it does
    CONTAINER = "container"      # holds modules or parameters, has no arithmetic of its own
    COMPOSITE = "composite"      # built of sub-modules, as its `source` says
    WRAPPER = "wrapper"          # does what the module or function it is given does
    ELEMENTWISE = "elementwise"  # mathematics on each element that nobody uses as an activation
    QUERY = "query"              # asks about a tensor: sizes, dtypes, comparisons, indices
    FILL = "fill"                # overwrites a tensor in place with values of its own
    EFFECT = "effect"            # changes flags or global state, carries nothing
    HELPER = "helper"            # plain Python on plain values


TORCH = "torch"
FUNCTIONAL = "functional"
TENSOR = "tensor"
SPECIAL = "special"
LINALG = "linalg"
FFT = "fft"
OPERATOR = "operator"

PREFIXES = {
    FUNCTIONAL: "torch.nn.functional",
    TORCH: "torch",
    TENSOR: "torch.Tensor",
    SPECIAL: "torch.special",
    LINALG: "torch.linalg",
    FFT: "torch.fft",
}
"""The dotted prefix of each surface a function is called through, in the order of preference
in which `FunctionSpec.signature` describes one of them."""


class Fill(NamedTuple):
    """How values are written: a short name of `torch.nn.init` and its arguments.

    An argument is a number or a formula over the arguments of the constructor or function at hand and the
    names `fan_in`, `fan_out` (torch's fans of the tensor written, of the owning module's `weight` for its bias),
    `rows` and `columns` (the last two sizes of the tensor written). `when` is a formula; of several fills the
    first whose `when` holds is the one.
    """

    function: str
    arguments: tuple[tuple[str, float | str], ...] = ()
    when: str | None = None


KAIMING_UNIFORM = Fill(
    "kaiming_uniform_", (("a", 2.23606797749979), ("mode", "'fan_in'"), ("nonlinearity", "'leaky_relu'"))
)
BIAS_UNIFORM = Fill("uniform_", (("a", "-(fan_in ** -0.5)"), ("b", "fan_in ** -0.5")))
BILINEAR_UNIFORM = Fill("uniform_", (("a", "-(in1_features ** -0.5)"), ("b", "in1_features ** -0.5")))
RNN_UNIFORM = Fill("uniform_", (("a", "-(hidden_size ** -0.5)"), ("b", "hidden_size ** -0.5")))
XAVIER_UNIFORM = Fill("xavier_uniform_", (("gain", 1.0),))
XAVIER_NORMAL = Fill("xavier_normal_", (("gain", 1.0),))
STANDARD_NORMAL = Fill("normal_", (("mean", 0.0), ("std", 1.0)))
STANDARD_UNIFORM = Fill("uniform_", (("a", 0.0), ("b", 1.0)))
ONES = Fill("ones_")
ZEROS = Fill("zeros_")
PRELU = Fill("constant_", (("val", "init"),))


class ParameterSpec(NamedTuple):
    """One parameter a module makes for itself.

    `name` may hold `{layer}` and `{direction}` where `repeat` is set: one parameter for each layer and
    direction of a recurrent module. An entry `*kernel_size` of `shape` spreads a tuple (a number is
    repeated over the module's `axes`). `when` is an expression over the constructor's arguments; the
    parameter is None where it is false.
    """

    name: str
    shape: tuple[str, ...]
    default: Fill
    when: str | None = None
    repeat: bool = False


class SubmoduleSpec(NamedTuple):
    """One sub-module a module makes: `kind` is a key of MODULES, `arguments` are expressions over the
    owner's arguments. `fills` lists the sub-module's parameters that the owner writes once more."""

    name: str
    kind: str
    arguments: tuple[tuple[str, str], ...] = ()
    fills: tuple[tuple[str, Fill], ...] = ()


class ModuleSpec(NamedTuple):
    """One public class of torch.nn, or of a package known by name.

    `role` is what calling an instance does to the signal; `function` the short name of the function
    (a key of FUNCTIONS) it applies: `batch_norm` for BatchNorm2d. `activation` is the canonical name of
    an activation, whose parameters are the constructor's arguments listed in `settings`, or given
    outright in `fixed`. `axes` is the number of spatial dimensions, over which the arguments in
    `per_axis` are spread when they are single numbers. `buffers` names tensors that are not parameters.
    `source` is Python source of a class that builds and does the same as a composite, over `torch`, `nn`, `F`
    and `copy`. `base` is the public class it inherits from, and `family` what its
    kin have in common: "conv" (torch's `_ConvNd`), "batch_norm" (`_BatchNorm`), "instance_norm", or the family of the
    function it applies. The parameters of a `lazy` module have neither shape nor values before its first call.
    """

    name: str
    role: Role | Extra
    signature: str = ""
    activation: str | None = None
    parameters: tuple[ParameterSpec, ...] = ()
    function: str = ""
    settings: tuple[str, ...] = ()
    fixed: tuple[tuple[str, object], ...] = ()
    axes: int = 0
    per_axis: tuple[str, ...] = ()
    buffers: tuple[str, ...] = ()
    submodules: tuple[SubmoduleSpec, ...] = ()
    source: str = ""
    result: str = "tensor"
    family: str = ""
    base: str = "Module"
    lazy: bool = False


class FunctionSpec(NamedTuple):
    """One function on tensors, under every name it is called by.

    `surfaces` says where it is found (`torch.relu`, `torch.nn.functional.relu`, `Tensor.relu`, ...);
    `signature` is that of the first of them in the order of PREFIXES, `variants` those that differ, by
    surface. As a method the tensor takes the place of the first signal, or of the first parameter.
    `signals` names the arguments that carry signals; `*tensors` is an argument that holds a
    sequence of them. `weight` names the argument that holds a weight, `added` one that is added to what the others
    give. `settings` are arguments worth
    keeping on the node. `result` is "tensor", "pair" (values and indices, or two outputs), "tuple" (an unpackable
    row of signals), "shape", "number", "bool", "mask", "indices", "none" or "object"; where the
    argument `pair_when` is given and not false, "pair". `binary` is the function it becomes where its second
    argument is a tensor. `family` says what kind of pass it is:
    view, index, cast, pool, reduce, dropout, resize, mask, clamp, sort, transform, scan, scale, split; of a contraction
    "distance" that it compares its operands, none of which is the other's weight.
    `attribute` is true where a tensor has it as an attribute, without a call. `inplace` is true for the
    spelling with a trailing underscore. A name of `signals` that a variant's signature lacks is passed over.
    """

    name: str
    role: Role | Extra
    surfaces: frozenset[str]
    signals: tuple[str, ...]
    signature: str
    activation: str | None = None
    settings: tuple[str, ...] = ()
    result: str = "tensor"
    weight: str | None = None
    added: str | None = None
    family: str = ""
    pair_when: str | None = None
    binary: str | None = None
    variants: tuple[tuple[str, str], ...] = ()
    attribute: bool = False
    inplace: bool = False

    def signature_on(self, surface: str) -> str:
        """The signature as called through `surface`, the tensor first for a method."""
        for name, text in self.variants:
            if name == surface:
                return text
        return self.signature


class InitializerSpec(NamedTuple):
    """A function that fills a tensor it is given.

    `tensor` names the argument written to. `distribution` is the family of what it leaves: "normal",
    "truncated_normal", "uniform", "constant", "orthogonal", "sparse", "identity", "dirac", "copy". `modern` is the
    name that replaced a deprecated one. `fills` says what a function outside torch does in the terms of
    torch.nn.init, over its own arguments. A function with `module` takes a module and writes its `weight`; `bias` is
    what it then does to the module's bias. One with `deep` also takes a module, and writes all its parameters.
    """

    name: str
    signature: str
    distribution: str
    tensor: str = "tensor"
    modern: str | None = None
    fills: tuple[Fill, ...] = ()
    module: bool = False
    bias: Fill | None = None
    deep: bool = False


class FillSpec(NamedTuple):
    """A tensor method that writes the tensor it is called on; `input` in the signature is that tensor.

    `kind` is "draw" (random values), "constant", "rescale" (the old values times a number), "shift" (plus a
    number), "copy" (another tensor's values) or "transform" (anything else done to the old values).
    `fill` says the same in the terms of torch.nn.init where it can.
    """

    name: str
    signature: str
    kind: str
    fill: Fill | None = None


class FactorySpec(NamedTuple):
    """A function that makes a tensor of values of its own: a CONSTANT of the signal graph.

    `kind` is "draw", "constant", "empty" (nothing written yet), "data" (the values of its first
    argument), "sizes or data" (either, by what it is given) or "sequence" (numbers in a row). `fill` is what the
    tensor then holds, in the terms of torch.nn.init. `size` names the argument with the shape, `like` the tensor
    whose shape it takes. `surfaces` as in FunctionSpec.
    """

    name: str
    signature: str
    kind: str
    fill: Fill | None = None
    size: str | None = None
    like: str | None = None
    surfaces: frozenset[str] = frozenset({TORCH})


class HelperSpec(NamedTuple):
    """A function, decorator, context manager or constant that neither is a module nor works on signals.

    `kind`: "identity" gives back its argument `returns`, or is a decorator that changes nothing; "call" calls its
    argument `calls` with the rest, or, where its signature takes no `*args`, the modules in `calls` one after
    the other, on its second argument or `input`; "context" is a context manager or decorator without effect on
    values, `no_grad` where gradients stop, `at_once` where from the call on, entered or not;
    "reparametrize" returns the module it is given, whose parameter (argument `name`) is from then on computed from
    others; "build" calls the class it is given and leaves its parameters
    unwritten; "gain" and "fans" are those of torch.nn.init; "pure" is `implementation`, of Python's builtins or
    `math`, on plain values; "value" is the constant `value`, "answer" a function that always returns it; "table" is a
    mapping from names to classes, `value` (an instance is what indexing gives); "choose" is a function that takes a
    name, or a class, as its argument `calls`, and gives back the class in the table `value` (an instance, built with
    its other arguments, where `returns` is "module"); "source" is a function whose `source` says it, "base" a class
    that others derive from, likewise; "modules" makes a module nothing is known of.
    """

    name: str
    kind: str
    signature: str = ""
    returns: str | None = None
    calls: str | None = None
    implementation: str | None = None
    value: object = None
    source: str = ""
    no_grad: bool = False
    at_once: bool = False


Spec = ModuleSpec | FunctionSpec | InitializerSpec | FillSpec | FactorySpec | HelperSpec
