"""Functions of several signals: choices, sums, products, contractions, joins.

With a single signal among the operands (the others being numbers or constants) a sum or product is a
shift or a scaling, which the caller can tell from the arguments.
"""

from __future__ import annotations

from functools import partial

from initlint.model.graph import Role
from initlint.trace.vocabulary.functions.rows import row
from initlint.trace.vocabulary.spec import FunctionSpec

_either = partial(row, Role.EITHER)
_sum = partial(row, Role.SUM)
_product = partial(row, Role.PRODUCT)
_matmul = partial(row, Role.MATMUL)
_concat = partial(row, Role.CONCAT)

ROWS: tuple[FunctionSpec, ...] = (
    _either(
        "where", "TX", "condition, input=None, other=None", signals="input other", tensor="input, condition, other",
    ),
    _either("maximum", "TX", "input, other", signals="input other"),
    _either("minimum", "TX", "input, other", signals="input other"),
    _either("fmax", "TX", "input, other", signals="input other"),
    _either("fmin", "TX", "input, other", signals="input other"),
    _either("scatter", "TX", "input, dim, index, src, *, reduce=None", signals="input src"),
    _either("select_scatter", "TX", "input, src, dim, index", signals="input src"),
    _either("slice_scatter", "TX", "input, src, dim=0, start=None, end=None, step=1", signals="input src"),
    _either("diagonal_scatter", "TX", "input, src, offset=0, dim1=0, dim2=1", signals="input src"),
    _either("index_copy", "TX", "input, dim, index, source", signals="input source"),
    _either("masked_scatter", "TX", "input, mask, source", signals="input source"),
    _either("put", "TX", "input, index, source, accumulate=False", signals="input source"),
    _either("index_put", "TX", "input, indices, values, accumulate=False", signals="input values"),
    _sum("add", "TX", "input, other, *, alpha=1", signals="input other"),
    _sum("sub", "TX", "input, other, *, alpha=1", signals="input other"),
    _sum("rsub", "T", "input, other, *, alpha=1", signals="input other"),
    _sum("addcmul", "TX", "input, tensor1, tensor2, *, value=1", signals="input tensor1 tensor2"),
    _sum("addcdiv", "TX", "input, tensor1, tensor2, *, value=1", signals="input tensor1 tensor2"),
    _sum("lerp", "TX", "input, end, weight", signals="input end weight"),
    _sum("index_add", "TX", "input, dim, index, source, *, alpha=1", signals="input source"),
    _sum("index_reduce", "TX", "input, dim, index, source, reduce, *, include_self=True", signals="input source"),
    _sum("scatter_add", "TX", "input, dim, index, src", signals="input src"),
    _sum("scatter_reduce", "TX", "input, dim, index, src, reduce, *, include_self=True", signals="input src"),
    _product("mul", "TX", "input, other", signals="input other"),
    _product("div", "TX", "input, other, *, rounding_mode=None", signals="input other"),
    _product("kron", "TX", "input, other", signals="input other"),
    _product("cross", "TXL", "input, other, dim=None", signals="input other", linalg="input, other, *, dim=-1"),
    _matmul("matmul", "TXL", "input, other", signals="input other"),
    _matmul("inner", "TX", "input, other", signals="input other"),
    _matmul("dot", "TX", "input, tensor", signals="input tensor"),
    _matmul("vdot", "TX", "input, other", signals="input other"),
    _matmul("mm", "TX", "input, mat2, out_dtype=None", signals="input mat2", tensor="input, mat2"),
    _matmul("bmm", "TX", "input, mat2, out_dtype=None", signals="input mat2", tensor="input, mat2"),
    _matmul("mv", "TX", "input, vec", signals="input vec"),
    _matmul("outer", "TX", "input, vec2", signals="input vec2"),
    _matmul("addmm", "TX", "input, mat1, mat2, *, beta=1, alpha=1", signals="input mat1 mat2", added="input"),
    _matmul("addbmm", "TX", "input, batch1, batch2, *, beta=1, alpha=1", signals="input batch1 batch2", added="input"),
    _matmul("baddbmm", "TX", "input, batch1, batch2, *, beta=1, alpha=1", signals="input batch1 batch2", added="input"),
    _matmul("addmv", "TX", "input, mat, vec, *, beta=1, alpha=1", signals="input mat vec", added="input"),
    _matmul("addr", "TX", "input, vec1, vec2, *, beta=1, alpha=1", signals="input vec1 vec2", added="input"),
    _matmul("einsum", "T", "equation, *operands", signals="*operands", settings="equation"),
    _matmul("tensordot", "T", "a, b, dims=2", signals="a b"),
    _matmul("chain_matmul", "T", "*matrices"),
    _matmul("multi_dot", "L", "tensors", signals="*tensors"),
    _matmul("vecdot", "L", "x, y, *, dim=-1", signals="x y"),
    _matmul(
        "cdist", "T", "x1, x2, p=2.0, compute_mode='use_mm_for_euclid_dist_if_necessary'", signals="x1 x2",
        family="distance",
    ),
    _matmul("dist", "TX", "input, other, p=2", signals="input other", family="distance"),
    _matmul("cosine_similarity", "FT", "x1, x2, dim=1, eps=1e-08", signals="x1 x2", family="distance"),
    _matmul(
        "pairwise_distance", "FT", "x1, x2, p=2, eps=1e-06, keepdim=False", signals="x1 x2", family="distance",
    ),
    _matmul("pdist", "FT", "input, p=2"),
    _matmul("cov", "TX", "input, *, correction=1, fweights=None, aweights=None"),
    _matmul("corrcoef", "TX", "input"),
    _matmul("grouped_mm", "F", "mat_a, mat_b, *, offs=None, bias=None, out_dtype=None", signals="mat_a mat_b"),
    _matmul(
        "scaled_mm", "F",
        "mat_a, mat_b, scale_a, scale_recipe_a, scale_b, scale_recipe_b, swizzle_a=None, swizzle_b=None, "
        "bias=None, output_dtype=None, contraction_dim=(), use_fast_accum=False",
        signals="mat_a mat_b",
    ),
    _matmul(
        "scaled_grouped_mm", "F",
        "mat_a, mat_b, scale_a, scale_recipe_a, scale_b, scale_recipe_b, swizzle_a=None, swizzle_b=None, "
        "bias=None, offs=None, output_dtype=None, contraction_dim=(), use_fast_accum=False",
        signals="mat_a mat_b",
    ),
    _concat("cat", "T", "tensors, dim=0", signals="*tensors"),
    _concat("stack", "T", "tensors, dim=0", signals="*tensors"),
    _concat("hstack", "T", "tensors", signals="*tensors"),
    _concat("vstack", "T", "tensors", signals="*tensors"),
    _concat("dstack", "T", "tensors", signals="*tensors"),
    _concat("column_stack", "T", "tensors", signals="*tensors"),
    _concat("block_diag", "T", "*tensors"),
    _concat("cartesian_prod", "T", "*tensors"),
    _concat("complex", "T", "real, imag", signals="real imag"),
    _concat("polar", "T", "abs, angle", signals="abs angle"),
)
