"""`avis doctor`."""

import asyncio
import os

import click

from collector.commands import answer, json_option, now
from collector.doctor.examine import examine
from collector.doctor.findings import Finding, worst

_SIGNS = {"ok": "  ok      ", "warning": "! attention", "error": "✗ erreur   "}


@click.command("doctor")
@json_option
def doctor(as_json: bool) -> None:
    """Examiner réglages, disque, horloge, base, chiffres et fichiers, et dire que faire de chaque constat.

    Ne change rien. Codes de retour : 0 tout va bien ; 1 des points d'attention ; 2 au moins une erreur.
    """
    raise SystemExit(asyncio.run(_examine(as_json)))


async def _examine(as_json: bool) -> int:
    findings = []
    async for finding in examine(os.environ, now):
        findings.append(finding)
        answer(finding, _line(finding), as_json)
    return worst(findings)


def _line(finding: Finding) -> str:
    line = f"{_SIGNS[finding.severity]:<11} {finding.code:<24} {finding.what}"
    return f"{line}\n{'':<37}→ {finding.remedy}" if finding.remedy else line
