"""The one-machine stack: starts, answers, keeps what it was told, and ends without a trace."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
from pathlib import Path
from typing import Any

import pytest
import urllib3

from infra import demo
from infra.client import BUILT
from infra.phone import Phone, Refused, until
from infra.stack import variables
from infra.stack.parts import HOST, MINISTACK, ROOT, listening, members, start
from infra.stack.provision import Storage
from infra.stack.stack import MOST_DEATHS
from infra.stack.state import State
from tests.e2e.conftest import StartStack
from tests.stack import RunningStack, launch

pytestmark = pytest.mark.e2e
PERSON = demo.people()[0]


def ask(stack: RunningStack, path: str, method: str = "GET", **sent: Any) -> urllib3.BaseHTTPResponse:
    with urllib3.PoolManager(timeout=urllib3.Timeout(10), retries=False) as http:
        return http.request(method, stack.origin + path, redirect=False, **sent)


def problem(answer: urllib3.BaseHTTPResponse) -> tuple[int, str]:
    assert answer.headers["Content-Type"] == "application/problem+json"
    said = json.loads(answer.data)
    assert set(said) == {"code", "status", "sentence", "details"}
    assert said["sentence"]
    assert said["status"] == answer.status
    assert re.fullmatch(r"[0-9a-f-]{36}", answer.headers["X-Request-Id"])
    return answer.status, said["code"]


def refused(stack: RunningStack) -> str:
    """The one sentence of a stack that does not start."""
    assert stack.ended() == 1
    lines = stack.output.splitlines()
    assert "Traceback" not in stack.output
    assert len(lines) == 1, stack.output
    return lines[0]


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not Path(f"/proc/{pid}/stat").exists() or Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"


def test_one_block_says_where_who_and_how_to_stop(stack: RunningStack) -> None:
    block = stack.output[stack.output.index("特安已就绪") :]
    for words in (stack.origin, f"{stack.origin}/docs", "make walk", "Ctrl-C", "每 15 秒一次", str(stack.state)):
        assert words in block
    for person in demo.people():
        assert f"{person.phone}  {person.name}  {person.post}" in block


def test_the_front_page_is_the_built_client_with_wechat_before_it(stack: RunningStack) -> None:
    answer = ask(stack, "/")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    text = answer.data.decode()
    links = re.findall(r'(?:src|href)="\.?(/[^"]+)"', text)
    assert len(links) >= 5
    for link in links:
        found = ask(stack, link)
        assert found.status == 200, link
        assert ("immutable" in found.headers["Cache-Control"]) == link.startswith("/assets/"), link
    assert text.index("/standin/wechat.js") < text.index('<script type="module"')
    assert "standin" not in (ROOT / BUILT / "index.html").read_text(encoding="utf-8")


def test_what_browsers_keep_for_ever_has_its_content_in_its_name() -> None:
    names = [file.name for file in (ROOT / BUILT / "assets").iterdir()]
    assert names
    assert [name for name in names if not re.fullmatch(r".+[.-][\w-]{8}\.\w+", name)] == []


def test_the_docs_page_loads_everything_from_here(stack: RunningStack) -> None:
    text = ask(stack, "/docs").data.decode()
    links = re.findall(r'(?:src|href)="([^"]+)"', text)
    assert len(links) >= 3
    for link in links:
        assert link.startswith("/")
        assert ask(stack, link).status == 200, link
    assert json.loads(ask(stack, "/openapi.json").data)["openapi"].startswith("3.1")


def test_unknown_paths_and_methods_get_the_one_shape(stack: RunningStack) -> None:
    for path in ("/nothing", "/v1/nothing", "/v1/", "/tean-local-nothing/x", "/wechat/nothing", "/docs/nothing"):
        assert problem(ask(stack, path)) == (404, "route.unknown")
    assert problem(ask(stack, "/v1/session", "DELETE")) == (405, "route.method")
    plain = {"Content-Type": "text/plain"}
    assert problem(ask(stack, "/v1/login", "POST", body=b"{}", headers=plain)) == (415, "request.not_json")
    assert problem(ask(stack, "/v1/login", "POST", body=b"{")) == (400, "request.invalid")
    assert problem(ask(stack, "/v1/session")) == (401, "session.missing")
    assert problem(ask(stack, "/v1/login", "POST", body=bytes(11_000_000))) == (413, "request.too_large")


def test_nothing_of_storage_or_wechats_server_is_public(stack: RunningStack) -> None:
    phone = Phone(stack.origin, PERSON.phone)
    phone.login()
    for path in ("/_ministack/reset", "/_ministack/health", "/_localstack/health", "/health", "/sns/jscode2session",
                 "/cgi-bin/stable_token", "/wxa/business/getuserphonenumber", "/phone/login",
                 "/tean-local-evidence/../x", "/tean-local-evidence/%2e%2e/_ministack/reset"):  # fmt: skip
        for method in ("GET", "POST"):
            assert problem(ask(stack, path, method)) == (404, "route.unknown"), path
    scan = {"X-Amz-Target": "DynamoDB_20120810.Scan", "Content-Type": "application/x-amz-json-1.0"}
    assert ask(stack, "/tean-local-evidence/x", "POST", body=b"{}", headers=scan).status == 403
    assert ask(stack, "/tean-local-evidence/x").status == 403
    assert phone.get("/v1/session")["person"], "nothing was wiped"


def test_storage_itself_refuses_to_be_wiped_and_to_talk_to_strangers(stack: RunningStack) -> None:
    endpoint = json.loads((stack.state / "environment.json").read_text())["AWS_ENDPOINT_URL_S3"]
    with urllib3.PoolManager() as http:
        assert http.request("POST", f"{endpoint}/_ministack/reset").status == 404
        assert http.request("POST", f"{endpoint}/_ministack/config", body=b"{}").status == 404
    stranger = Storage(endpoint, "STRANGER00000000", "x" * 40)
    with pytest.raises(stranger.dynamodb.exceptions.ClientError):
        stranger.dynamodb.list_tables()


def test_no_log_names_a_person_a_phone_or_a_token(stack: RunningStack) -> None:
    phone = Phone(stack.origin, PERSON.phone)
    codes = phone.wechat()
    answer = phone.login()
    ask(stack, "/v1/login", "POST", body=json.dumps({"code": codes["code"], "phone_code": "wrong"}).encode())
    logs = "".join(log.read_text(errors="replace") for log in stack.logs.iterdir())
    for secret in (PERSON.phone, PERSON.name, answer["token"], *codes.values()):
        assert secret not in logs


def test_a_second_run_on_the_same_state_and_a_taken_port_are_refused(
    stack: RunningStack, start_stack: StartStack, tmp_path: Path
) -> None:
    assert f"{stack.state} 正被另一个 make run 使用" in refused(start_stack(stack.state))
    sentence = refused(start_stack(tmp_path / "state", stack.port))
    assert sentence.startswith(f"端口 {stack.port} 用不了")
    assert "make run PORT=" in sentence
    assert ask(stack, "/").status == 200, "the first goes on"


@pytest.mark.parametrize("file", ["secrets.json", "storage/dynamodb.json"])
def test_a_damaged_state_is_refused_and_left_as_it_is(start_stack: StartStack, tmp_path: Path, file: str) -> None:
    state = State(tmp_path / "state")
    with state.held():
        state.secrets()
    (state.folder / file).write_text('{"half a fi')
    sentence = refused(start_stack(state.folder))
    assert f"{file} 读不出来" in sentence
    assert (state.folder / file).read_text() == '{"half a fi'


def test_ctrl_c_leaves_nothing_running_and_the_next_start_knows_everything(
    start_stack: StartStack, tmp_path: Path
) -> None:
    first = start_stack(tmp_path / "state")
    first.wait_ready()
    phone = Phone(first.origin, PERSON.phone)
    token = phone.login()["token"]
    photo = phone.photo()
    pids = first.pids()
    assert len(pids) >= 6, "storage, stand-in, pump, gateway and its workers"
    assert first.stop() == 0
    assert [pid for pid in pids if alive(pid)] == []
    assert not (first.state / "environment.json").exists()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((HOST, first.port))

    second = start_stack(first.state, first.port)
    second.wait_ready()
    assert "登记示例单位" not in second.output, "somebody may have changed them since"
    again = Phone(second.origin, PERSON.phone, token=token)
    assert again.get("/v1/session")["name"] == PERSON.name
    assert again.get(f"/v1/uploads/{photo}")["verdict"] == "verified"
    assert len(again.download(again.get(f"/v1/files/{photo}")["url"])) > 1000
    assert "token" in again.post("/v1/login", {"code": again.wechat()["code"]}), "the phone is still bound"


def test_after_a_crash_the_next_start_ends_what_was_left_and_loses_nothing(
    start_stack: StartStack, tmp_path: Path
) -> None:
    first = start_stack(tmp_path / "state")
    first.wait_ready()
    token = Phone(first.origin, PERSON.phone).login()["token"]
    orphans = first.pids()
    first.process.kill()
    first.ended()
    assert all(alive(pid) for pid in orphans)

    second = start_stack(first.state, first.port)
    second.wait_ready()
    assert "已结束遗留的进程：storage、standin、gateway、pump" in second.output
    assert [pid for pid in orphans if alive(pid)] == []
    assert Phone(second.origin, PERSON.phone, token=token).get("/v1/session")["name"] == PERSON.name


def test_what_dies_is_started_again_behind_the_same_door_until_it_dies_too_often(
    start_stack: StartStack, tmp_path: Path
) -> None:
    stack = start_stack(tmp_path / "state")
    stack.wait_ready()
    for part in ("gateway", "pump", "standin"):
        stack.kill(part)
    phone = until(lambda: logged_in(stack), lambda phone: phone is not None)
    assert phone.get(f"/v1/uploads/{phone.photo()}")["verdict"] == "verified"
    for _ in range(MOST_DEATHS):
        pids = stack.pids()
        stack.kill("pump")
    assert stack.ended() == 1
    assert stack.output.splitlines()[-1].startswith("队列和定时没有起来，或中途停了。已全部停下。")
    assert [pid for pid in pids if alive(pid)] == []


def logged_in(stack: RunningStack) -> Phone | None:
    """None while nobody is behind the door."""
    phone = Phone(stack.origin, PERSON.phone)
    try:
        phone.login()
    except (urllib3.exceptions.HTTPError, Refused):
        return None
    return phone


def test_storage_that_dies_stops_the_whole_stack_with_a_sentence(start_stack: StartStack, tmp_path: Path) -> None:
    """Started again it would have forgotten what was written last, and nobody would know."""
    stack = start_stack(tmp_path / "state")
    stack.wait_ready()
    pids = stack.pids()
    os.killpg(stack.groups()["storage"], signal.SIGKILL)
    assert stack.ended() == 1
    assert stack.output.splitlines()[-1].startswith("存储没有起来，或中途停了。已全部停下。")
    assert [pid for pid in pids if alive(pid)] == []


def test_ctrl_c_during_the_start_leaves_nothing_running(tmp_path: Path) -> None:
    stack = launch(tmp_path / "state")
    until(lambda: "启动存储" in stack.output, bool)
    assert stack.stop(signal.SIGTERM) == 0
    assert stack.output.splitlines()[-1] == "已停下，状态已保存。"
    assert stack.groups() == {}


def test_what_was_written_survives_even_a_power_cut_once_the_interval_is_over(tmp_path: Path) -> None:
    """ministack by itself would have saved nothing."""
    state = State(tmp_path / "state")
    with state.held():
        secrets = state.secrets()

        def storage() -> tuple[Any, Storage]:
            command = [str(MINISTACK), "-I", str(ROOT / "infra" / "stack" / "ministack_server.py"), "0.1"]
            part = start("storage", "存储", command, variables.of_storage(secrets, state), state, listening())
            part.wait_ready("/_ministack/ready")
            return part, Storage(f"http://{HOST}:{part.port}", secrets.storage_key_id, secrets.storage_key)

        part, client = storage()
        client.sqs.create_queue(QueueName="q")
        url = client.sqs.get_queue_url(QueueName="q")["QueueUrl"]
        client.sqs.send_message(QueueUrl=url, MessageBody="特安")
        file = state.storage / "sqs.json"
        until(lambda: file.exists() and "\\u7279\\u5b89" in file.read_text(), bool)
        os.killpg(part.process.pid, signal.SIGKILL)
        part.process.wait()

        part, client = storage()
        try:
            url = client.sqs.get_queue_url(QueueName="q")["QueueUrl"]
            assert url.startswith(f"http://{HOST}:{part.port}/"), "found again at another port"
            found = client.sqs.receive_message(QueueUrl=url)["Messages"]
            assert [message["Body"] for message in found] == ["特安"]
        finally:
            part.ask_to_end()
            part.wait_ended()
        assert (part.process.returncode, members(part.process.pid)) == (0, [])
