"""The files for JupyterHub and Kubernetes: whole, in the form their readers take, and fitting together."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]
from traitlets.config.loader import PyFileConfigLoader

from microapps.errors import InvalidInput
from microapps.notebook import read
from microapps.publish.deploy import FILES, PORT, deployment_files, export_deployment
from microapps.publish.gallery import gallery_folder

APP = read(gallery_folder() / "converter.ipynb").app


@pytest.fixture
def objects() -> dict[tuple[str, str], Any]:
    """Every Kubernetes object of the files that are applied, by kind and name."""
    made = deployment_files("kubernetes", "converter", "Converter")
    found = {}
    for file in ("app.yaml", "ingress.yaml", "kernels.yaml"):
        for each in yaml.safe_load_all(made[file]):
            assert each["apiVersion"] and set(each) <= {"apiVersion", "kind", "metadata", "spec"}
            found[each["kind"], each["metadata"]["name"]] = each
    return found


@pytest.mark.parametrize("place", ["hub", "kubernetes"])
def test_every_file_is_there_and_filled_in(place: Any, tmp_path: Path) -> None:
    folder = export_deployment(place, APP, tmp_path / "out")
    assert {path.name for path in folder.iterdir()} == {*FILES[place], *(["converter.ipynb"] if place == "hub" else [])}
    assert all("{{" not in path.read_text() for path in folder.iterdir())


@pytest.mark.parametrize("name", ["계산기", "7-days"])
def test_a_name_that_no_service_can_have_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="cannot name a service") as refused:
        deployment_files("kubernetes", name, "T")
    assert "fork" in refused.value.hint
    assert deployment_files("docker", name, "T")


def test_a_hub_reads_its_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MICROAPPS_TOKEN", "secret-of-the-environment")
    folder = export_deployment("hub", APP, tmp_path / "out")
    config = PyFileConfigLoader("jupyterhub_config.py", str(folder)).load_config()
    [service] = config.JupyterHub.services
    assert service["url"] == f"http://127.0.0.1:{PORT}"
    assert service["timeout"] > 60, "the app's checks at the first start take longer than a Hub waits by itself"
    assert service["environment"]["MICROAPPS_TOKEN"] == "secret-of-the-environment"
    assert "secret-of" not in (folder / "jupyterhub_config.py").read_text()
    script = (folder / "start.sh").read_text()
    assert f"--port {PORT}" in script and '--base-url "${JUPYTERHUB_SERVICE_PREFIX' in script
    if shell := shutil.which("sh"):
        subprocess.run([shell, "-n", str(folder / "start.sh")], check=True)


def test_the_pod_is_as_tight_as_it_can_be(objects: dict[tuple[str, str], Any]) -> None:
    pod = objects["Deployment", "converter"]["spec"]["template"]["spec"]
    [container] = pod["containers"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] and pod["securityContext"]["runAsUser"] >= 10_000
    own = container["securityContext"]
    assert own["allowPrivilegeEscalation"] is False and own["capabilities"] == {"drop": ["ALL"]}
    assert container["resources"]["limits"]["memory"] and not container["image"].endswith(":latest")
    assert not any(key in pod for key in ("hostNetwork", "hostPID", "hostIPC"))


def test_names_ports_and_labels_fit_together(objects: dict[tuple[str, str], Any]) -> None:
    deployment, service = objects["Deployment", "converter"]["spec"], objects["Service", "converter"]["spec"]
    pod = deployment["template"]
    [container] = pod["spec"]["containers"]
    labels = pod["metadata"]["labels"].items()
    assert deployment["selector"]["matchLabels"].items() <= labels and service["selector"].items() <= labels
    ports = {port["name"]: port["containerPort"] for port in container["ports"]}
    assert ports == {"http": PORT}
    probes = [container[f"{kind}Probe"]["httpGet"] for kind in ("startup", "readiness", "liveness")]
    assert all(probe == {"path": "/healthz", "port": "http"} for probe in probes)
    assert service["ports"][0]["targetPort"] in ports
    claims = {volume["name"]: volume["persistentVolumeClaim"]["claimName"] for volume in pod["spec"]["volumes"]}
    assert {mount["name"] for mount in container["volumeMounts"]} == set(claims)
    assert all(("PersistentVolumeClaim", claim) in objects for claim in claims.values())
    backend = objects["Ingress", "converter"]["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"]
    assert backend["name"] == "converter" and backend["port"]["name"] == service["ports"][0]["name"]
    policy = objects["NetworkPolicy", "converter"]["spec"]
    assert policy["podSelector"]["matchLabels"].items() <= labels
    assert policy["ingress"][0]["ports"][0]["port"] == PORT


def test_kernels_reach_the_gateway_and_nothing_else(objects: dict[tuple[str, str], Any]) -> None:
    kernels, gateway = (objects["NetworkPolicy", name]["spec"] for name in ("kernels", "gateway"))
    assert set(kernels["policyTypes"]) == {"Ingress", "Egress"}
    chosen = gateway["podSelector"]
    assert [rule["podSelector"] for rule in kernels["egress"][0]["to"]] == [chosen]
    assert {"app": "converter"} in [rule["podSelector"]["matchLabels"] for rule in gateway["ingress"][0]["from"]]
    values = yaml.safe_load(deployment_files("kubernetes", "converter", "C")["enterprise-gateway-values.yaml"])
    assert values["ingress"]["enabled"] is False and values["service"]["type"] == "ClusterIP"
