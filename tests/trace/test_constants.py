"""Tensors that are filled before they become parameters."""

from __future__ import annotations

import pytest

from tests.trace.programs import drawn, gain, layers

FILLED = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        w = torch.zeros(64, 64)
        {fill}
        self.fc = nn.Linear(64, 64)
        self.fc.weight = nn.Parameter(w)

    def forward(self, x):
        return self.fc(x)
"""


@pytest.mark.parametrize(
    "fill",
    [
        "w.normal_(0, 0.02)",
        "w.data.normal_(0, 0.02)",
        "w.detach().normal_(0, 0.02)",
        "w.t().data.normal_(0, 0.02)",
        "nn.init.normal_(w.data, 0, 0.02)",
    ],
)
def test_views_share_what_is_written(fill: str) -> None:
    row = layers(FILLED.format(fill=fill))["Net.fc"]
    assert drawn(row) == ("normal_",)
    assert gain(row) == pytest.approx(0.16)


@pytest.mark.parametrize("fill", ["w.view(-1).normal_(0, 0.02)", "w[:].normal_(0, 0.02)"])
def test_views_of_another_shape_share_it_too(fill: str) -> None:
    assert drawn(layers(FILLED.format(fill=fill))["Net.fc"]) == ("normal_",)


@pytest.mark.parametrize("fill", ["w[:] = torch.randn(64, 64)", "w[...] = torch.randn(64, 64)"])
def test_what_takes_the_place_of_all_of_it(fill: str) -> None:
    assert drawn(layers(FILLED.format(fill=fill))["Net.fc"]) == ("randn",)


@pytest.mark.parametrize(
    "fill",
    ["w[:, 0::2] = torch.sin(unknown)", "w[0].normal_()", "w[0] = unknown", "w[3][1:].data.fill_(2.0)"],
)
def test_what_is_left_of_a_tensor_whose_parts_are_written_is_not_known(fill: str) -> None:
    row = layers(FILLED.format(fill=fill))["Net.fc"]
    assert drawn(row) != ("zeros",)
    assert gain(row) is None


@pytest.mark.parametrize(("made", "is_empty"), [("torch.FloatTensor(data)", False), ("torch.FloatTensor(n)", True),
                                                ("torch.Tensor(data, data)", True)])
def test_one_argument_that_is_not_known_may_be_data(made: str, is_empty: bool) -> None:
    from tests.trace.facts import program

    facts = program(f"""
def load(path): ...

class Net(nn.Module):
    def __init__(self, n):
        super().__init__()
        data = undefined.random(n)
        self.w = nn.Parameter({made})
    def forward(self, x):
        return x * self.w
""")
    (parameter,) = [each.parameters["w"] for each in facts.modules if "w" in each.parameters]
    kinds = {event.distribution and event.distribution.kind for event in parameter.finals}
    assert (kinds == {"empty"}) == is_empty
