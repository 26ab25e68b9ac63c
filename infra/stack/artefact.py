"""The packaged functions behind the seam of :mod:`infra.stack.invoke`: what is deployed, run as it is deployed."""

from __future__ import annotations

import atexit
import os
import time
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from typing import Any

import boto3

from infra.manifest import Manifest
from infra.stack.invoke import Functions, Invoker
from infra.stack.package import Package, Packaged
from infra.stack.parts import ROOT
from infra.stack.provision import REGION
from infra.stack.roles import SESSION_HOURS, role_name, role_variables
from infra.stack.runtime import Runtime

PYTHON = ROOT / ".venv" / "lambda" / "bin" / "python"
UNPACKED = "STACK_PACKAGE"
_ONE_MACHINE = (
    "TEAN_FILES_ORIGIN", "WECHAT_API", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL_SQS",
    "AWS_EC2_METADATA_DISABLED", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "no_proxy",
)  # fmt: skip
"""What leads to this machine instead of AWS."""
_RENEWED_AFTER = (SESSION_HOURS - 1) * 3600
"""Seconds; Lambda, too, ends a process long before its credentials do."""


class Artefact:
    """The functions of a package, each in a process of its own that is started when it is first called.

    ``told`` is the environment of the stack; each function gets only what its template names, and its role's keys.
    """

    def __init__(self, package: Package, manifest: Manifest, told: Mapping[str, str]) -> None:
        self._routes = package.routes
        self._manifest = manifest
        self._code = package.code
        self._functions = package.functions(manifest.functions)
        self._told = told
        self._running: dict[str, tuple[Runtime, float]] = {}
        self._turn = Lock()

    @property
    def routes(self) -> list[str]:
        """The paths of the API."""
        return self._routes

    def invoke(self, name: str, event: Any) -> Any:
        """What the function answers; :class:`~infra.stack.runtime.FunctionFailed` when it does not."""
        return self._runtime(name).invoke(event)

    def end(self) -> None:
        """End every process."""
        for runtime, _ in self._running.values():
            runtime.end()

    def _runtime(self, name: str) -> Runtime:
        with self._turn:
            runtime, since = self._running.get(name, (None, 0.0))
            if runtime and runtime.alive and time.monotonic() - since < _RENEWED_AFTER:
                return runtime
            if runtime:
                runtime.end()
            started = self._start(self._functions[name])
            self._running[name] = started, time.monotonic()
            return started

    def _start(self, function: Packaged) -> Runtime:
        command = [str(PYTHON), "-m", "awslambdaric", function.handler]
        return Runtime(function.name, command, self._environment(function), self._code, function.timeout)

    def _environment(self, function: Packaged) -> dict[str, str]:
        # What the template leaves to CloudFormation, and what is called otherwise here, the stack tells.
        given = {name: self._told.get(name, said) for name, said in function.variables.items()}
        given |= {name: self._told[name] for name in _ONE_MACHINE}
        sts = boto3.client("sts", endpoint_url=self._told["AWS_ENDPOINT_URL_DYNAMODB"], region_name=REGION)
        return given | role_variables(sts, self._manifest, function.name) | self._lambda(function)

    def _lambda(self, function: Packaged) -> dict[str, str]:
        name = role_name(self._manifest, function.name)
        return {
            "LAMBDA_TASK_ROOT": str(self._code),
            "_HANDLER": function.handler,
            "PYTHONPATH": os.pathsep.join(map(str, (self._code, *function.layers))),
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{self._manifest.runtime}",
            "AWS_LAMBDA_FUNCTION_NAME": name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{name}",
            "AWS_LAMBDA_LOG_STREAM_NAME": "one-machine",
            "PATH": os.defpath,
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
        }


def functions(manifest: Manifest, told: Mapping[str, str]) -> Invoker:
    """What the stack was told to run: a package that lies unpacked, else the sources."""
    if UNPACKED in told:
        artefact = Artefact(Package(Path(told[UNPACKED])), manifest, told)
        # Else the processes would miss us, and complain.
        atexit.register(artefact.end)
        return artefact
    return Functions.load(manifest)
