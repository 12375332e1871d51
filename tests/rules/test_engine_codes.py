"""INI900-902: what the engine says about a file itself."""

from __future__ import annotations

from initlint.model.change import ReplaceComment
from initlint.model.finding import Applicability, Severity
from initlint.model.source import Span
from initlint.rules import syntax_error, unknown_suppression, unused_suppression
from initlint.rules.registry import entries

SPAN = Span("net.py", 3, 20, 3, 40)


def test_they_have_no_check():
    assert all(entries()[code].check is None for code in ("INI900", "INI901", "INI902"))


def test_syntax_error():
    finding = syntax_error.finding(SPAN, "unexpected indent")
    assert (finding.code, finding.severity, finding.span) == ("INI900", Severity.ERROR, SPAN)
    assert finding.message == "cannot read this file: unexpected indent"


def test_unused_suppression():
    finding = unused_suppression.finding(SPAN, ("INI101", "INI201"), "# noqa: E501")
    assert "`INI101` and `INI201` are not found here" in finding.message
    assert finding.fix is not None
    assert finding.fix.applicability is Applicability.SAFE
    assert finding.fix.changes == (ReplaceComment(SPAN, "# noqa: E501"),)
    assert "no finding here" in unused_suppression.finding(SPAN, (), "").message


def test_unknown_suppression():
    finding = unknown_suppression.finding(SPAN, ("INI999",), "", nearest="INI900")
    assert finding.message == "there is no rule `INI999`; did you mean `INI900`?"
    assert finding.fix is not None
    assert finding.fix.changes == (ReplaceComment(SPAN, ""),)
    assert "are no rules `INI998` and `INI999`" in unknown_suppression.finding(SPAN, ("INI998", "INI999"), "").message
