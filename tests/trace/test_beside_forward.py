"""Layers that a `forward` leaves out: those that other methods apply, and parts that others run."""

from __future__ import annotations

import pytest

from tests.trace.programs import after, layers

AGENT = """
class Agent(nn.Module):
    def __init__(self):
        super().__init__()
        self.trunk = nn.Sequential(nn.Linear(4, 8), nn.ReLU())
        self.actor = nn.Linear(8, 2)
        self.critic = nn.Linear(8, 8)
        self.value = nn.Linear(8, 1)
        self.spare = nn.Linear(8, 8)

    def forward(self, x):
        return self.actor(self.trunk(x))

    def get_value(self, x):
        return self.value(torch.tanh(self.critic(self.trunk(x))))

    def reset(self, x):
        nn.init.ones_(self.spare.weight)
        return self.spare(x)
"""


def test_methods_beside_a_forward_apply_what_it_leaves_out() -> None:
    rows = layers(AGENT)
    assert after(rows["Agent.trunk.0"]) == ("relu",)
    assert after(rows["Agent.critic"]) == ("tanh",)
    assert after(rows["Agent.value"]) == ("none",)


def test_methods_that_initialise_are_not_run_for_that() -> None:
    assert after(layers(AGENT)["Agent.spare"]) is None


@pytest.mark.parametrize("forward", ["self.generator(z)", "self.generator(z.view(-1, 8))"])
def test_parts_that_others_run_are_run_by_themselves(forward: str) -> None:
    """What is made of their output is not seen."""
    rows = layers(f"""
class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(8, 8), nn.Linear(8, 1)

    def forward(self, x):
        return self.b(F.leaky_relu(self.a(x), 0.2))


class Gan(nn.Module):
    def __init__(self):
        super().__init__()
        self.generator, self.critic = nn.Linear(8, 8), Critic()

    def forward(self, z):
        return {forward}
""")
    assert after(rows["Critic.a"]) == ("leaky_relu",)
    assert after(rows["Critic.b"]) is None
    assert after(rows["Gan.generator"]) == ("none",)


def test_a_method_that_never_ends_leaves_the_forward_as_it_was() -> None:
    rows = layers("""
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(8, 8), nn.Linear(8, 8)

    def forward(self, x):
        return torch.relu(self.a(x))

    def other(self, x):
        while True:
            x = self.b(x)
            for i in range(200):
                for j in range(200):
                    x = x + self.count(i, j)

    def count(self, i, j):
        return i + j
""")
    assert after(rows["Net.a"]) == ("relu",)


def test_a_class_that_is_called_by_a_method_of_its_own_is_run_by_it() -> None:
    rows = layers("""
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)

    def __call__(self, x):
        return torch.relu(self.fc(x))
""")
    assert after(rows["Net.fc"]) == ("relu",)


def test_methods_under_decorators_of_the_project_go_by_their_own_names() -> None:
    rows = layers("""
def evaluating(function):
    def inner(self, *args, **kwargs):
        self.eval()
        return function(self, *args, **kwargs)
    return inner


class Writer(nn.Module):
    def __init__(self):
        super().__init__()
        self.body, self.head = nn.Linear(8, 8), nn.Linear(8, 8)

    def forward(self, x):
        return self.body(x)

    @evaluating
    def generate(self, x):
        return torch.tanh(self.head(x))

    def sample(self, x):
        return self.generate(x)
""")
    assert after(rows["Writer.body"]) == ("none",)
    assert after(rows["Writer.head"]) in (None, ("none",), ("tanh",))
