"""Reports and layer results that the tests of the command line show."""

from microapps.checks.report import Evidence, Finding, Layer, LayerResult, Report, Severity, Status

FAILED_TEST = LayerResult(
    layer=Layer.BEHAVIOUR,
    status=Status.FAILED,
    seconds=0.8,
    findings=(
        Finding(
            layer=Layer.BEHAVIOUR,
            cell="logic",
            what="팁을 더하지 않았습니다: 한 사람이 내는 금액이 30000원이 아니라 25000원입니다.",
            expected="30000",
            hint="split_bill에서 팁을 먼저 더하세요.",
        ),
    ),
    evidence=(Evidence(test="test_tip", status=Status.FAILED, seconds=0.3, message="25000 != 30000"),),
)
PASSED_RUN = LayerResult(layer=Layer.RUN, status=Status.PASSED, seconds=0.41, note="one fresh kernel")
WARNED = LayerResult(
    layer=Layer.PROBE,
    status=Status.PASSED,
    findings=(Finding(layer=Layer.PROBE, severity=Severity.WARNING, cell="ui", what="A control has no label."),),
)
GOOD = Report(digest="d", layers=(PASSED_RUN, WARNED), seconds=1.2)
BAD = Report(digest="d", layers=(PASSED_RUN, FAILED_TEST), seconds=1.2)
