"""What programs read, held against schemas and parsers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import jsonschema
import junitparser
import pytest

from initlint.report import renderer
from initlint.report.document import Document
from initlint.report.style import Style
from tests.report import samples

SCHEMAS = Path(__file__).parent / "schemas"
DOCUMENTS = {
    "easy": samples.easy,
    "hostile": samples.hostile,
    "notebook": samples.notebook,
    "empty": lambda: Document(()),
}


def rendered(name: str, document: Document) -> str:
    return renderer(name)(document, Style())


def valid(schema: str, value: Any) -> None:
    definition = json.loads((SCHEMAS / f"{schema}.json").read_text())
    validator = jsonschema.validators.validator_for(definition)(definition)
    assert [error.message for error in validator.iter_errors(value)] == []


@pytest.mark.parametrize("build", DOCUMENTS.values(), ids=DOCUMENTS)
@pytest.mark.parametrize(("name", "schema"), [("sarif", "sarif-2.1.0"), ("rdjson", "rdjson"), ("gitlab", "gitlab")])
def test_schemas(name: str, schema: str, build: Callable[[], Document]) -> None:
    valid(schema, json.loads(rendered(name, build())))


def test_the_sarif_schema_can_refuse() -> None:
    log = json.loads(rendered("sarif", samples.easy()))
    del log["runs"][0]["results"][0]["fixes"][0]["artifactChanges"][0]["replacements"][0]["deletedRegion"]
    with pytest.raises(AssertionError):
        valid("sarif-2.1.0", log)


def test_json_has_the_shape_of_ruff() -> None:
    (entry,) = json.loads(rendered("json", samples.easy()))
    assert list(entry) == [
        "cell", "code", "end_location", "filename", "fix", "location", "message", "name", "noqa_row", "severity", "url",
    ]
    assert entry["location"] == {"row": 8, "column": 20}
    assert entry["end_location"] == {"row": 8, "column": 58}
    assert entry["filename"] == samples.PATH
    assert entry["noqa_row"] == 8
    assert (entry["code"], entry["name"], entry["severity"]) == ("INI010", "deprecated-init-alias", "warning")
    place = {"row": 8, "column": 42}
    assert entry["fix"] == {
        "applicability": "safe",
        "edits": [{"content": "_", "end_location": place, "location": place}],
        "message": "Use `xavier_uniform_`",
    }
    assert entry["url"].endswith("/rules/deprecated_init_alias.py")


def test_json_of_a_notebook_counts_in_the_cell() -> None:
    (entry,) = json.loads(rendered("json", samples.notebook()))
    assert (entry["cell"], entry["location"]) == (2, {"row": 2, "column": 1})


def test_json_edits_applied_to_the_file_mend_it() -> None:
    (entry,) = json.loads(rendered("json", samples.easy()))
    lines = samples.TEXT.splitlines(keepends=True)
    for edit in entry["fix"]["edits"]:
        row, column = edit["location"]["row"] - 1, edit["location"]["column"] - 1
        lines[row] = lines[row][:column] + edit["content"] + lines[row][edit["end_location"]["column"] - 1 :]
    assert "nn.init.xavier_uniform_(self.fc.weight)" in lines[7]


def test_json_lines() -> None:
    document = samples.hostile()
    entries = [json.loads(line) for line in rendered("json-lines", document).splitlines()]
    assert entries == json.loads(rendered("json", document))
    assert [entry["message"] for entry in entries] == [samples.HOSTILE_MESSAGE] * 2


def test_sarif_says_all_it_can() -> None:
    log = json.loads(rendered("sarif", samples.easy()))
    (run,) = log["runs"]
    (result,) = run["results"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["originalUriBaseIds"]["SRCROOT"]["uri"] == "file:///project/"
    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
    assert rule["id"] == result["ruleId"] == "INI010"
    assert "## What it does" in rule["help"]["markdown"]
    physical = result["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"] == {"uri": "models/net.py", "uriBaseId": "SRCROOT"}
    assert physical["region"]["startColumn"] == 20
    assert result["relatedLocations"][0]["message"]["text"] == "the layer is built here"
    (replacement,) = result["fixes"][0]["artifactChanges"][0]["replacements"]
    assert replacement["insertedContent"] == {"text": "_"}
    assert re.fullmatch("[0-9a-f]{32}", result["partialFingerprints"]["initlint/v1"])


def test_sarif_spells_names_as_uris() -> None:
    log = json.loads(rendered("sarif", samples.hostile()))
    uri = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert re.fullmatch(r"[A-Za-z0-9/._~%-]+", uri)
    assert "/project/" + unquote(uri) == samples.HOSTILE_PATH


def test_fingerprints_tell_findings_apart_and_survive_moved_lines() -> None:
    def prints(text: str) -> list[str]:
        net = samples.source(text, samples.PATH)
        return [item.fingerprint for item in samples.document([samples.finding(net)] * 2, [net]).diagnostics]

    first, second = prints(samples.TEXT)
    assert first != second
    assert prints("import os\n\n" + samples.TEXT) == [first, second]
    assert prints(samples.TEXT.replace("class Net", "class Other"))[0] != first


def test_rdjson_columns_count_bytes() -> None:
    (diagnostic,) = json.loads(rendered("rdjson", samples.easy()))["diagnostics"]
    before = samples.TEXT.splitlines()[7].split("nn.init")[0]
    assert diagnostic["location"]["range"]["start"] == {"line": 8, "column": len(before.encode()) + 1}
    assert diagnostic["suggestions"][0]["text"] == "_"
    assert diagnostic["related_locations"][0]["message"] == "the layer is built here"


@pytest.mark.parametrize("build", DOCUMENTS.values(), ids=DOCUMENTS)
def test_junit_parses(build: Callable[[], Document]) -> None:
    document = build()
    suites = junitparser.JUnitXml.fromstring(rendered("junit", document).encode())
    failures = [result for suite in suites for case in suite for result in case.result]
    assert suites.failures == len(failures) == len(document.diagnostics)
    assert suites.tests == sum(len(list(suite)) for suite in suites) == max(len(document.diagnostics), 1)
    assert all(result.type == "INI010" for result in failures)


def test_junit_keeps_the_message() -> None:
    tree = ElementTree.fromstring(rendered("junit", samples.hostile()))
    message = tree.find(".//failure").get("message")  # type: ignore[union-attr]  # there is one
    assert message is not None
    assert "]]> <b>&\"'" in message


def test_github() -> None:
    line = rendered("github", samples.easy())
    assert line == (
        "::warning title=initlint (INI010),file=/project/models/net.py,line=8,col=20,endLine=8,endColumn=58"
        "::models/net.py:8:20: INI010 `xavier_uniform` is deprecated\n"
    )


def test_github_cannot_be_broken_out_of() -> None:
    lines = rendered("github", samples.hostile()).splitlines()
    assert len(lines) == 2
    assert [line.split(" ")[0] for line in lines] == ["::error", "::notice"]
    for line in lines:
        properties = line.split("::")[1].split(" ", 1)[1]
        pairs = dict(pair.split("=", 1) for pair in properties.split(","))
        assert list(pairs) == ["title", "file", "line", "col", "endLine", "endColumn"]
        assert "\x1b" not in line
        spelled = pairs["file"].replace("%2C", ",").replace("%3A", ":").replace("%0A", "\n").replace("%25", "%")
        assert spelled == samples.HOSTILE_PATH.replace("\x1b", "\\x1b").replace("\u202e", "\\u202e")


def test_azure() -> None:
    assert rendered("azure", samples.easy()) == (
        "##vso[task.logissue type=warning;sourcepath=/project/models/net.py;linenumber=8;columnnumber=20;code=INI010;]"
        "`xavier_uniform` is deprecated\n"
    )


def test_azure_cannot_be_broken_out_of() -> None:
    lines = rendered("azure", samples.hostile()).splitlines()
    assert len(lines) == 2
    for line in lines:
        properties = re.fullmatch(r"##vso\[task\.logissue ([^\]]*)\].*", line)
        assert properties is not None
        pairs = [pair.split("=", 1)[0] for pair in properties[1].rstrip(";").split(";")]
        assert pairs == ["type", "sourcepath", "linenumber", "columnnumber", "code"]


def test_gitlab_paths_and_fingerprints() -> None:
    entries = json.loads(rendered("gitlab", samples.hostile()))
    assert entries[0]["location"]["path"] == samples.HOSTILE_PATH.removeprefix("/project/")
    assert len({entry["fingerprint"] for entry in entries}) == 2
    assert [entry["severity"] for entry in entries] == ["major", "info"]
