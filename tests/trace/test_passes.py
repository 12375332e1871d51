"""What hands a signal on, in all the ways it is written: held against torch, which must hand a gradient back."""

from __future__ import annotations

from typing import Any

import pytest
import torch
import torch.nn as nn
import torch.nn.functional as F

from tests.trace.programs import after, layers

PASSES = (
    "y.view(-1)", "y.reshape(2, -1)", "y.view(y.size(0), -1)", "y.flatten(1)", "y.permute(0, 2, 1)",
    "y.transpose(1, 2)", "y.mT", "y.contiguous()", "y.squeeze(0)", "y.unsqueeze(1)", "y.repeat(1, 1, 2)", "y.float()",
    "y.half()", "y.to(x.dtype)", 'y.to("cpu")', "y.type_as(x)", "y.cpu()", "y.double()", "y.clone()",
    "y.narrow(1, 0, 2)", "y.select(1, 0)", "y[:, 0]", "y[..., :4]", "y[:, None]", "y.split(4, dim=-1)[0]",
    "torch.split(y, [4, 4], dim=-1)[1]", "y.chunk(2, dim=-1)[0]", "y.unbind(1)[0]",
    "y.split_with_sizes([4, 4], -1)[0]", "y.tensor_split(2, dim=-1)[0]", "y.movedim(1, 2)", "y.swapaxes(1, 2)",
    "y.flip(1)", "y.roll(1, 1)", "y.unflatten(-1, (2, 4))", "y.repeat_interleave(2, dim=1)",
    "y.index_select(1, torch.tensor([0]))", "y.masked_fill(mask, 0.0)", "y.gather(1, idx)", "y.mean(1)",
    "y.sum(dim=1)", "y.max(1)[0]", "y.max(dim=1).values", "y.amax(1)", "y.mul(2.0)", "y.div(2)", "y.add(1.0)",
    "y.sub(1.0)", "y * 2", "y / 3.0", "y + 1", "1 + y", "-y", "y.neg()", "y.clamp(min=-5)",
    "y.contiguous().view(-1, 8)", "y.view(-1, 8).contiguous()", "F.pad(y, (1, 1))", "F.dropout(y, 0.1)",
    "F.layer_norm(y, (8,))", "F.normalize(y, dim=-1)", "F.interpolate(y, scale_factor=2.0)", "F.avg_pool1d(y, 2)",
    "F.max_pool1d(y, 2)", "F.adaptive_avg_pool1d(y, 1)", "torch.flatten(y, 1)", "torch.cat([y, y], 1)",
    "torch.stack([y, y])", "torch.transpose(y, 1, 2)", "torch.squeeze(y)", "torch.mean(y, dim=1)",
    "torch.roll(y, 1, 1)", "torch.unsqueeze(y, 0)", "torch.reshape(y, (-1, 8))", "torch.permute(y, (0, 2, 1))",
    "torch.mul(y, 2)", "torch.add(y, 1)", "torch.concat((y, y))", "torch.chunk(y, 2, -1)[0]",
    "torch.narrow(y, 1, 0, 1)", "torch.where(mask, y, torch.zeros_like(y))", "y.pow(1)", "y.view_as(y)",
    "y.expand_as(y)", "y.reshape_as(y)", "y.to(device=x.device, dtype=x.dtype)", "y.bfloat16()", "y.mul_(2)",
    "y.add_(1)", "y.div_(2.0)", "y.permute([0, 2, 1])", "y.view([-1, 8])", "y.reshape([y.shape[0], -1])",
    "y.view(*y.shape[:-1], 2, 4)", "y.sum(-1, keepdim=True)", "y.mean(dim=(0, 1))", "y.topk(2)[0]", "y.sort(-1)[0]",
    "y.cumsum(1)", "y.triu()", "torch.tril(y)", "y.diagonal()", "y.unfold(1, 2, 1)", "y.swapdims(1, 2)",
    "torch.movedim(y, 1, 2)", "torch.hstack([y, y])", "torch.vstack([y, y])", "y.take_along_dim(idx, 1)",
    "y.index_add(1, torch.tensor([0]), y[:, :1])", "y.scatter(1, idx, 0.0)", "y.squeeze()", "y.nan_to_num()",
    "y.masked_fill_(mask, 0.)", "y.contiguous(memory_format=torch.contiguous_format)", "y.type(torch.float32)",
    "y.to(torch.float32)", "nn.Identity()(y)", "nn.Dropout(0.1)(y)", "nn.Flatten()(y)", "nn.Flatten(1, -1)(y)",
    "nn.LayerNorm(8)(y)", 'torch.einsum("bij->bji", y)', "y.masked_select(mask)", "torch.atleast_2d(y)",
    "torch.ravel(y)", "y.ravel()", "torch.tile(y, (1, 2))", "y.tile(2)", "torch.broadcast_to(y, (2, 4, 8))",
    "torch.swapaxes(y, 1, 2)", "torch.clone(y)", "y.unsqueeze(0).squeeze(0)", "y.mean([0, 1])", "torch.sum(y, 1)",
    "torch.amax(y, 1)", "y.to(y)", "torch.Tensor.view(y, -1)", "torch.index_select(y, 1, torch.tensor([0]))",
    "torch.gather(y, 1, idx)", "torch.masked_fill(y, mask, 0.)", "torch.masked_select(y, mask)",
    "torch.select(y, 1, 0)", "torch.unbind(y, 1)[0]", "torch.div(y, 2)", "torch.sub(y, 1)", "torch.neg(y)",
    "torch.clamp(y, -5, 5)", "torch.max(y, 1)[0]", "torch.max(y, dim=1).values", "torch.topk(y, 2).values",
    "torch.sort(y)[0]", "torch.flip(y, [1])", "torch.rot90(y, 1, [1, 2])", "torch.cumsum(y, 1)",
    "torch.nan_to_num(y)", "x.new_zeros(2, 4, 8).index_add_(1, torch.arange(4), y)", "torch.zeros(2, 4, 8).add_(y)",
    "torch.zeros(2, 4, 8).scatter_(1, idx, y)", "torch.zeros(2, 4, 8).scatter_add_(1, idx, y)",
    "torch.empty(2, 4, 8).copy_(y)", "torch.ones(2, 4, 8).mul_(y)", "torch.zeros_like(x).index_copy_(1, idx[0, 0, :1], y[:, :1])",
)  # fmt: skip

INTO = (
    "z.copy_(y)", "z.add_(y)", "z.mul_(y)", "z[:] = y", "z[:, 0] = y[:, 0]", "z.index_add_(1, torch.arange(4), y)",
    "z.scatter_(1, idx, y)", "z += y",
)  # fmt: skip
"""What writes a signal into a tensor that is none so far."""

NETS = [
    f"""
class Net{chr(65 + at // 26)}{chr(97 + at % 26)}(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)

    def forward(self, x, mask, idx):
        y = self.fc(x)
        return F.relu({expression})
"""
    for at, expression in enumerate(PASSES)
]


@pytest.mark.parametrize("expression", PASSES)
def test_torch_hands_the_gradient_back(expression: str) -> None:
    x = torch.randn(2, 4, 8)
    names: dict[str, Any] = {
        "torch": torch, "nn": nn, "F": F, "x": x, "y": nn.Linear(8, 8)(x),
        "mask": torch.ones(2, 4, 8, dtype=torch.bool), "idx": torch.zeros(2, 1, 8, dtype=torch.long),
    }  # fmt: skip
    assert eval(expression, names).requires_grad


def test_the_signal_is_followed_through_all_of_them() -> None:
    rows = layers("".join(NETS))
    found = {expression: after(row) for expression, row in zip(PASSES, _in_order(rows), strict=True)}
    assert {expression: what for expression, what in found.items() if what != ("relu",)} == {}


def _in_order(rows: dict[str, Any]) -> list[Any]:
    return sorted(rows.values(), key=lambda row: row.line)


@pytest.mark.parametrize("statement", INTO)
def test_a_tensor_that_a_signal_is_written_into_becomes_one(statement: str) -> None:
    y = nn.Linear(8, 8)(torch.randn(2, 4, 8))
    names = {"torch": torch, "y": y, "z": torch.zeros(2, 4, 8), "idx": torch.zeros(2, 4, 8, dtype=torch.long)}
    exec(statement, names)
    assert names["z"].requires_grad
    (row,) = layers(
        f"""
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)

    def forward(self, x, idx):
        y = self.fc(x)
        z = torch.zeros(2, 4, 8)
        {statement}
        return F.relu(z)
"""
    ).values()
    assert after(row) == ("relu",)
