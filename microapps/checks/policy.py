"""Layer *policy*: what does the code reach for, and may it?

It explains early and in plain words; what protects is the containment. A static reading of Python can always be evaded.
"""

from __future__ import annotations

from ..notebook import MicroApp, Permissions
from ..notebook.reach import Reach, proposed_permissions, reach
from .report import Finding, Layer, LayerResult, Severity, Status


def check_policy(app: MicroApp, granted: Permissions) -> LayerResult:
    """Hosts and files the code names that were not granted are errors, and so is a package that is not installed."""
    found = reach(app)
    missing = proposed_permissions(found).beyond(granted)
    findings = [
        Finding(
            layer=Layer.POLICY,
            cell=_cell_of(found, "host", host.name),
            what=f"The code connects to {host}, which the app has no permission for.",
            expected="Only hosts the person has allowed.",
            hint="Do without the network, or propose the permission and say why it is needed.",
        )
        for host in missing.hosts
    ]
    findings += [
        Finding(
            layer=Layer.POLICY,
            cell=_cell_of(found, "file", access.path),
            what=f"The code opens {access}, which the app has no permission for.",
            expected="Only files the person has given, or a FileUpload control.",
            hint="Let the person upload the file in the app, or propose the permission and say why it is needed.",
        )
        for access in missing.files
    ]
    findings += [
        Finding(
            layer=Layer.POLICY,
            severity=Severity.ERROR if item.serious else Severity.WARNING,
            cell=item.cell,
            what=item.sentence(),
            hint=item.hint,
        )
        for item in found.items
        if item.suspicious
    ]
    failed = any(finding.severity is Severity.ERROR for finding in findings)
    return LayerResult(
        layer=Layer.POLICY, status=Status.FAILED if failed else Status.PASSED, findings=tuple(findings)
    )


def _cell_of(found: Reach, kind: str, detail: str) -> str:
    return next((item.cell for item in found.items if item.kind == kind and detail in item.detail), "")
