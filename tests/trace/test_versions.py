"""What programs ask of versions."""

from __future__ import annotations

from textwrap import dedent

import pytest

from initlint.syntax.source import from_text
from initlint.trace.machine.versions import VersionV
from initlint.trace.program.project import Project
from initlint.trace.roots.tracer import Tracer

TEXT = '''
import importlib.metadata
import sys
import numpy
import torch
import torch.nn as nn
from packaging import version
from packaging.version import Version
from torch import __version__ as installed

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(2, 2)
        if {condition}:
            nn.init.ones_(self.fc.weight)
        else:
            nn.init.zeros_(self.fc.weight)
'''


def written(condition, torch):
    source = from_text(dedent(TEXT).replace("{condition}", condition), "net.py")
    project = Project([source], torch=torch)
    tracer = Tracer(project)
    scope = project.scope_of(source)
    lines = {each.place[1] for each in tracer.survey(scope).classes}
    (root,) = [root for _, root in tracer.classes(scope, dict.fromkeys(lines, True))]
    found = tracer.run(root).program
    assert found is not None
    return {call.event.function for call in found.calls}


@pytest.mark.parametrize(
    "condition",
    [
        'torch.__version__ >= "2.10"',
        "torch.__version__ >= (2, 10)",
        'installed >= "2.10.0"',
        'version.parse(torch.__version__) >= version.parse("2.10")',
        'Version(torch.__version__.split("+")[0]) >= Version("2.10")',
        'tuple(int(part) for part in torch.__version__.split(".")[:2]) >= (2, 10)',
        'Version(importlib.metadata.version("torch")) >= Version("2.10")',
        "version.parse(torch.__version__).release >= (2, 10)",
        "version.parse(torch.__version__).minor >= 10",
        'not version.parse(torch.__version__) < version.parse("2.10")',
    ],
)
def test_the_version_of_torch_that_the_code_is_for(condition):
    assert written(condition, (2, 13)) == {"ones_"}
    assert written(condition, (2, 10)) == {"ones_"}
    assert written(condition, (2, 9)) == {"zeros_"}


@pytest.mark.parametrize(
    ("condition", "functions"),
    [
        ("sys.version_info >= (3, 8)", {"ones_"}),
        ("sys.version_info < (3, 8)", {"zeros_"}),
        ('version.parse(numpy.__version__) >= version.parse("2")', {"ones_"}),
        ('importlib.metadata.version("other") >= "2"', {"ones_", "zeros_"}),
        ('torch.__version__ == "parrots"', {"zeros_"}),
        ('version.parse("nightly") > version.parse("2")', set()),
    ],
)
def test_other_versions(condition, functions):
    """Of what else there is the newest is meant; what is no version raises."""
    assert written(condition, (2, 13)) == functions


def test_numbers_are_compared():
    assert VersionV("2.10") > "2.9"
    assert VersionV("2.1.0+cpu") >= (2, 1)
    assert not VersionV("2.1") > "2.1.0"
    with pytest.raises(TypeError):
        VersionV("main") < "2"  # noqa: B015
