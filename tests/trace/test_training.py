"""What trains, measures or logs a model writes no start values; what runs before it may have."""

from __future__ import annotations

import pytest

from initlint.config.settings import Settings
from initlint.lint import lint
from initlint.syntax.source import Source, from_text
from tests.trace.programs import IMPORTS, gain, layers

NET = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 8)
        self.b = nn.Linear(8, 2)
        nn.init.kaiming_normal_(self.a.weight)

    def forward(self, x):
        return self.b(torch.relu(self.a(x)))

model = Net()
"""

TRAINING = {
    "clipped": "nn.utils.clip_grad_norm_(model.parameters(), 1.0)",
    "clipped values": "torch.nn.utils.clip_grad_value_(list(model.parameters()), 1.0)",
    "optimizer": "opt = torch.optim.Adam(model.parameters())\nopt.step()\nopt.zero_grad()",
    "spread": "model = nn.parallel.DistributedDataParallel(model, device_ids=[0])\nmodel.module.eval()",
    "synchronous norms": "model = nn.SyncBatchNorm.convert_sync_batchnorm(model)",
    "prepared": "import accelerate\nmodel, opt = accelerate.Accelerator().prepare(model, None)",
    "fitted": "import pytorch_lightning as pl\npl.Trainer(max_epochs=1).fit(model)",
    "drawn": "from torch.utils.tensorboard import SummaryWriter\nSummaryWriter().add_graph(model, None)",
    "traced": "torch.jit.trace(model, torch.randn(1, 8)).save('net.pt')",
    "best state": "loss = model(torch.randn(2, 8)).sum()\nloss.backward()\nmodel.load_state_dict(torch.load('best.pt'))",
    "steps by hand": """
for x, y in data:
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            p -= 0.1 * p.grad
            p.grad.zero_()
""",
    "clamped": """
for x in data:
    model(x).mean().backward()
    for p in model.parameters():
        p.data.clamp_(-0.01, 0.01)
""",
    "handed on": "for x in data:\n    model(x).mean().backward()\nevaluate(model)",
}

BEFORE = {
    "not known": "prepare(model)",
    "loaded": "model.load_state_dict(torch.load('start.pt'))",
    "scaled": "with torch.no_grad():\n    model.a.weight.add_(torch.load('offset.pt'))",
    "a model made after another was trained": "model(torch.randn(2, 8)).sum().backward()\nmodel = Net()\nprepare(model)",
}


@pytest.mark.parametrize("name", TRAINING)
def test_training_leaves_start_values(name: str) -> None:
    assert gain(layers(NET + TRAINING[name] + "\n")["Net.a"]) == 1.414


@pytest.mark.parametrize("name", BEFORE)
def test_what_runs_before_training_may_write(name: str) -> None:
    assert gain(layers(NET + BEFORE[name] + "\n")["Net.a"]) is None


def test_a_fresh_start_after_training_counts() -> None:
    restart = "model(torch.randn(2, 8)).sum().backward()\nnn.init.xavier_normal_(model.a.weight)\n"
    assert gain(layers(NET + restart)["Net.a"]) == 1.0


def test_trying_a_model_out_leaves_its_parameters_one_use() -> None:
    """A gate and the end of its branch are both zero, however often the model was called before."""
    gated = """
class Gated(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 8)
        self.gate = nn.Parameter(torch.zeros(8))
        nn.init.zeros_(self.fc.weight)
        nn.init.zeros_(self.fc.bias)

    def forward(self, x):
        return x + self.gate * self.fc(x)

model = Gated()
"""
    call = "model(torch.randn(2, 8)).sum().backward()\n"
    for text in (gated, gated + call, gated + call + call):
        source = from_text(IMPORTS + text, "net.py")
        assert isinstance(source, Source)
        (report,) = lint([source], Settings()).files
        assert [finding.code for finding in report.findings] == ["INI202"]


def test_a_checkpoint_that_may_be_missing_leaves_the_start_to_be_judged() -> None:
    optional = "import os\nif os.path.exists('last.pt'):\n    model.load_state_dict(torch.load('last.pt'))\n"
    assert gain(layers(NET + optional)["Net.a"]) == 1.414
    either = "import sys\nmodel.load_state_dict(torch.load('a.pt' if sys.argv[1] == 'a' else 'b.pt'))\n"
    assert gain(layers(NET + either)["Net.a"]) is None
    both = "import sys\nif sys.argv[1] == 'a':\n    model.load_state_dict(a)\nelse:\n    model.load_state_dict(b)\n"
    assert gain(layers(NET + both)["Net.a"]) is None
