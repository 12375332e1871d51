"""What a rule is: its entry in the catalogue, and the shape of its findings."""

from __future__ import annotations

from dataclasses import dataclass

from initlint.model.finding import Applicability, Finding, Fix, Related, Severity
from initlint.model.source import Span


@dataclass(frozen=True, slots=True)
class Rule:
    """One code of the catalogue.

    `severity` is the usual one, a finding may carry another. `on` says whether the rule runs
    without being selected; with `closed_world` it does so only in files that also use the model
    they define. `fix` is the highest risk among its fixes, None where it offers none.
    `heeds_claims` marks rules that judge
    several layers together: their `check` takes, after the program, the subjects of the findings that
    come first (`rules.precedence`), and judges without those layers. What a `unanimous` rule finds is told
    only where every root that comes by the place tells it.
    """

    code: str
    name: str
    severity: Severity
    on: bool = True
    fix: Applicability | None = None
    closed_world: bool = False
    heeds_claims: bool = False
    unanimous: bool = False

    def finding(
        self,
        message: str,
        span: Span,
        *,
        subjects: frozenset[str] = frozenset(),
        severity: Severity | None = None,
        related: tuple[Related, ...] = (),
        fix: Fix | None = None,
        layer: str = "",
    ) -> Finding:
        """A finding of this rule, at its usual severity unless another is given."""
        return Finding(
            code=self.code,
            name=self.name,
            severity=severity or self.severity,
            message=message,
            span=span,
            related=related,
            fix=fix,
            layer=layer,
            subjects=subjects,
        )
