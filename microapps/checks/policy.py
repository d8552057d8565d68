"""Layer *policy*: what does the code reach for, and may it?

It explains early and in plain words; what protects is the containment. A static reading of Python can always be evaded.
"""

from __future__ import annotations

from pathlib import Path

from ..notebook import Item, MicroApp, Permissions, Reach, ReachKind, proposed_permissions, reach, remedy
from ..notebook.reach.page import LIKE_HTML
from .report import Finding, Layer, LayerResult, Severity, Status

HINTS = {
    ReachKind.IMPORT: "Use a package that is installed, or the standard library.",
    ReachKind.HOST: "Do without the network, or propose the permission and say why it is needed.",
    ReachKind.FILE: "Let the person upload the file in the app, or propose the permission and say why it is needed.",
    ReachKind.COMMAND: "Do it in Python: an app starts no programs.",
    ReachKind.PROMPT: "Use a Text control: nobody can answer a prompt in a published app.",
    ReachKind.REMOTE: "Put the picture, style or script into the app itself: a page loads nothing from other hosts.",
    ReachKind.DYNAMIC: "Write the code out, so that it can be read and checked.",
    ReachKind.SCRIPT: "Do without a script of the app's own, or propose the permission 'scripts' and say why.",
    ReachKind.ENVIRONMENT: "Of the environment an app has QUERY_STRING alone: use a control for what it needs.",
}
PERMITTED = (ReachKind.HOST, ReachKind.FILE, ReachKind.SCRIPT)
FORBIDDEN = (ReachKind.COMMAND, ReachKind.PROMPT)
DOUBTFUL = (ReachKind.DYNAMIC, ReachKind.ENVIRONMENT, ReachKind.REMOTE)
OWN_VARIABLES = ("MICROAPPS_DATA", "QUERY_STRING")  # what every app is given


def check_policy(app: MicroApp, granted: Permissions, *, folder: Path | None = None) -> LayerResult:
    """What the code reaches for beyond what was granted.

    Hosts, files and scripts without permission, packages that are not installed, commands and prompts are errors; what
    cannot be read off, or will not work in a page, is a warning, and so is text that looks like HTML with a script.
    ``folder`` is where the notebook's relative paths begin.
    """
    found = reach(app, folder=folder)
    findings = [_finding(item) for item in found.items if _judged(item, granted, folder or Path.cwd())]
    failed = any(finding.severity is Severity.ERROR for finding in findings)
    return LayerResult(layer=Layer.POLICY, status=Status.FAILED if failed else Status.PASSED, findings=tuple(findings))


def _judged(item: Item, granted: Permissions, folder: Path) -> bool:
    """Whether an item is worth a finding."""
    if item.kind is ReachKind.IMPORT:
        return item.needed and not item.installed
    if item.kind in PERMITTED:
        wanted = proposed_permissions(Reach((item,)), folder)
        missing = wanted.in_words_of(granted).beyond(granted)
        return bool(missing.hosts or missing.files or missing.scripts)
    if item.kind is ReachKind.ENVIRONMENT and item.detail in OWN_VARIABLES:
        return False
    return item.kind in FORBIDDEN or item.kind in DOUBTFUL


def _finding(item: Item) -> Finding:
    serious = item.kind not in DOUBTFUL and item.through != LIKE_HTML
    permission = item.kind in PERMITTED
    return Finding(
        layer=Layer.POLICY,
        severity=Severity.ERROR if serious else Severity.WARNING,
        cell=item.cell,
        what=item.sentence() + (" The app has no permission for it." if permission else ""),
        hint=HINTS[item.kind] + (f" {remedy(item.detail)}" if item.kind is ReachKind.IMPORT else ""),
    )
