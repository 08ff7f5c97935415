"""Tables at an address: in the memory of fsspec, and in a stand-in for S3 where one is installed."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import fsspec
import pytest
from typer.testing import CliRunner

from pipeline import cli
from pipeline.errors import UserError
from pipeline.running import publish
from tests.test_run import ALL

needs_s3 = pytest.mark.skipif(
    not (find_spec("moto") and find_spec("s3fs")), reason="no stand-in for S3; pip install 'moto[server]' s3fs"
)


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(port=0)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    fsspec.filesystem("s3", skip_instance_cache=True).mkdir("bucket")
    yield "s3://bucket"
    server.stop()
    fsspec.get_filesystem_class("s3").clear_instance_cache()


@pytest.fixture
def memory() -> Iterator[str]:
    yield "memory://bucket"
    fsspec.filesystem("memory").store.clear()
    fsspec.filesystem("memory").pseudo_dirs[:] = [""]


@pytest.fixture(params=["memory", pytest.param("s3", marks=needs_s3)])
def bucket(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue(request.param)
    return found


def names(address: str) -> set[str]:
    system, place = fsspec.core.url_to_fs(address)
    system.invalidate_cache()
    return {path.rpartition("/")[2] for path in system.ls(place, detail=False)}


def call(*words: str) -> Any:
    return CliRunner().invoke(cli.app, ["run", *words], catch_exceptions=False)


def test_from_one_address_to_another(bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "raw").mkdir()
    texts = {"a.txt": "Ketamine blocks NMDA receptors ,and more.", "b/c.html": "<p>Light suppresses melatonin.</p>"}
    for name, text in texts.items():
        (tmp_path / "raw" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "raw" / name).write_text(text)
        with fsspec.open(f"{bucket}/in/{name}", "w") as file:
            file.write(text)
    with fsspec.open(f"{bucket}/out/notes.txt", "w") as file:
        file.write("not ours")
    assert call("raw", "here").exit_code == 0
    with pytest.raises(UserError, match="holds files that are not of this program"):
        call(f"{bucket}/in", f"{bucket}/out")
    assert names(f"{bucket}/out") == {"notes.txt"}
    assert call(f"{bucket}/in", f"{bucket}/out", "--force").exit_code == 0
    assert names(f"{bucket}/out") == ALL | {"notes.txt"}
    for name in ALL:
        with fsspec.open(f"{bucket}/out/{name}", "rb") as file:
            assert file.read() == (tmp_path / "here" / name).read_bytes()
    again = call(f"{bucket}/in", f"{bucket}/out")
    assert "up to date" in again.output
    system, place = fsspec.core.url_to_fs(f"{bucket}/out/datapackage.json")
    system.rm_file(place)  # as if the last run had been stopped before it was there
    assert call(f"{bucket}/in", f"{bucket}/out").exit_code == 0
    assert names(f"{bucket}/out") == ALL | {"notes.txt"}
    system.rm_file(f"{place.rpartition('/')[0]}/edits.jsonl")
    assert "up to date" in call(f"{bucket}/in", f"{bucket}/out").output
    assert names(f"{bucket}/out") == ALL | {"notes.txt"}
    with pytest.raises(UserError, match="written over the inputs"):
        call(f"{bucket}/in", bucket)


def test_files_of_others_at_an_address_stay(tmp_path: Path, memory: str) -> None:
    for name in ("datapackage.json", "README.md", "edits.jsonl"):
        (tmp_path / name).write_text(name)
    with fsspec.open(f"{memory}/README.md", "w") as file:
        file.write("mine")
    publish.check(tmp_path, memory, force=True)
    publish.publish(tmp_path, memory)
    with fsspec.open(f"{memory}/README.md") as file:
        assert file.read() == b"mine"
    with fsspec.open(f"{memory}/sentences.csv", "w") as file:
        file.write("mine")
    with pytest.raises(UserError, match=r"sentences.csv was not written by this program"):
        publish.check(tmp_path, memory, force=True)


def test_the_package_comes_last_and_goes_first(tmp_path: Path, memory: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("datapackage.json", "a.csv", "z.csv"):
        (tmp_path / name).write_text(name)
    publish.publish(tmp_path, memory)
    (tmp_path / "z.csv").write_text("changed")
    system = fsspec.filesystem("memory")
    original = system.put_file

    def put_file(source: str, target: str) -> None:
        if target.endswith("z.csv"):
            raise OSError("no space is left")
        original(source, target)

    monkeypatch.setattr(type(system), "put_file", staticmethod(put_file))
    with pytest.raises(UserError, match=r"memory://bucket: cannot be written: no space is left; what is done stays"):
        publish.publish(tmp_path, memory)
    assert not publish.is_complete(tmp_path, memory)
    assert "a.csv" in names(memory)


def test_tables_of_another_run_are_not_these(tmp_path: Path, memory: str) -> None:
    for name in ("datapackage.json", "a.csv", "b.parquet.tmp"):
        (tmp_path / name).write_text(name)
    publish.publish(tmp_path, memory)
    assert names(memory) == {"datapackage.json", "a.csv"}
    assert publish.is_complete(tmp_path, memory)
    (tmp_path / "datapackage.json").write_text("of a run that was not published")
    assert not publish.is_complete(tmp_path, memory)


def test_tables_that_are_no_longer_made_go(tmp_path: Path, memory: str) -> None:
    for name in ("datapackage.json", "a.csv", "a.parquet"):
        (tmp_path / name).write_text(name)
    publish.publish(tmp_path, memory)
    (tmp_path / "a.parquet").unlink()
    publish.publish(tmp_path, memory)
    assert names(memory) == {"datapackage.json", "a.csv"}


def test_an_address_that_is_none_says_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nosuch://x"):
        publish.publish(tmp_path, "nosuch://x")
