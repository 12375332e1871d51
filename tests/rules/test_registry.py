"""The catalogue finds its rules by their files and holds each to the protocol."""

import subprocess
import sys

import pytest

from initlint.model.finding import Severity
from initlint.rules import registry
from initlint.rules.registry import entries, matching, rules


def test_sorted_unique_and_named_after_their_files():
    codes = [rule.code for rule in rules()]
    assert codes == sorted(set(codes))
    assert len({rule.name for rule in rules()}) == len(codes)
    for code, entry in entries().items():
        assert entry.rule.code == code
        assert isinstance(entry.rule.severity, Severity)


def test_importing_the_registry_imports_no_rule():
    code = (
        "import sys, initlint.rules.registry as r;"
        "print([m for m in sys.modules if m.startswith('initlint.rules.')"
        " and m.rsplit('.', 1)[1] not in ('registry', 'rule', 'precedence')])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_selectors():
    assert [rule.code for rule in matching("INI104")] == ["INI104"]
    assert [rule.name for rule in matching("ignored-slope")] == ["ignored-slope"]
    assert {rule.code for rule in matching("INI1")} == {rule.code for rule in rules() if rule.code.startswith("INI1")}
    assert matching("ALL") == rules()
    assert matching("INI777") == () == matching("ignored") == matching("E501")


def test_sections_and_code():
    entry = entries()["INI104"]
    assert list(entry.sections) == list(registry.SECTIONS)
    assert entry.code_in("Example").startswith("import torch.nn as nn\n")
    assert 'nonlinearity="leaky_relu"' in entry.code_in("Use instead")
    assert entry.summary.startswith("Finds a slope `a`")
    assert entry.summary.endswith(".")


@pytest.mark.parametrize("broken", ["missing", "order", "no example"])
def test_a_module_that_breaks_the_protocol_is_refused(broken, monkeypatch):
    entry = entries()["INI104"]
    documentation = {
        "missing": entry.documentation.replace("## References", "## Reference"),
        "order": "## References\nx\n\n" + entry.documentation.split("## References")[0],
        "no example": entry.documentation.replace("```python", "```"),
    }[broken]
    with pytest.raises(registry.CatalogueError, match="some_rule"):
        registry._assert_documented("some_rule", registry.Entry(entry.rule, documentation, entry.check))
