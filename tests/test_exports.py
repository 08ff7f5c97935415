"""What other projects load: every row tells where it is from, tables load by their path alone, tampering is named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import datasets
import duckdb
import frictionless
import jsonschema
import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipeline.export.names import FILES
from pipeline.export.package import card
from pipeline.export.parquet import Parquet
from pipeline.export.schema import columns
from pipeline.export.tables import TABLES
from tests.helpers import pipeline, rows, spoilt

pytestmark = pytest.mark.end_to_end
FORMATS = [name for name, _ in FILES]
ARTICLE = """<html><head><title>Sleep</title></head><body><article><h1>Sleep</h1>
<p>Sleep clears waste from the brain, and caffeine blocks adenosine receptors in people who drink coffee at night.</p>
<p>Light suppresses melatonin, and melatonin lowers the temperature of the body within two or three hours.</p>
</article></body></html>"""


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports")
    raw = folder / "raw"
    raw.mkdir()
    (raw / "a.html").write_text(ARTICLE)
    (raw / "mirror.html").write_text(ARTICLE.replace("<h1>", "<h1>A mirror: "))
    (raw / "part.txt").write_text(
        "Serotonin is converted to melatonin, which is said to lower the risk of some diseases."
    )
    (raw / "empty.html").write_text("")
    (raw / "broken.html").write_text("<p></p>")
    done = pipeline("run", raw, folder / "out", "--parquet")
    assert done.returncode == 0, done.stderr
    return folder / "out"


def test_every_row_says_where_it_is_from(out: Path) -> None:
    documents = {row["document_id"]: row for row in rows(out / "documents.jsonl")}
    for name in ("sentences", "mechanisms", "edits"):
        for row in pd.read_parquet(out / f"{name}.parquet").to_dict("records"):
            document = documents[row["document_id"]]
            assert row["source_sha256"] == document["source"]["sha256"]
            for key in ("pipeline_version", "rules_hash", "model"):
                assert row[key] == document[key] != ""
    hashes = {row["document_id"]: row["source_sha256"] for row in rows(out / "rejected.jsonl")}
    assert len(hashes["broken.html"]) == 64
    assert hashes["empty.html"] == ""


def test_ids_are_keys(out: Path) -> None:
    for name, key in (("documents", "document_id"), ("sentences", "sentence_id"), ("edits", "edit_id")):
        ids = pd.read_parquet(out / f"{name}.parquet")[key]
        assert ids.is_unique
    counted: dict[str, int] = {}
    for row in rows(out / "edits.jsonl"):
        number = counted.setdefault(row["document_id"], 0)
        assert row["edit_id"] == f"{row['document_id']}:e{number:04d}"
        counted[row["document_id"]] += 1


def test_copies_are_grouped_under_the_fullest(out: Path) -> None:
    found = {row["document_id"]: row["verdicts"]["duplicate_of"] for row in rows(out / "documents.jsonl")}
    assert found == {"a.html": "mirror.html", "mirror.html": "", "part.txt": ""}


@pytest.mark.parametrize("name", FORMATS)
def test_tables_load_by_their_path_alone(out: Path, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path)
    path, form = str(out / name), "csv" if name.endswith(".csv") else "json"
    count = len(pd.read_csv(path) if form == "csv" else pd.read_json(path, lines=True))
    assert count > 0
    assert duckdb.execute(f"SELECT count(*) FROM '{path}'").fetchall() == [(count,)]
    assert datasets.load_dataset(form, data_files=path, cache_dir=str(tmp_path))["train"].num_rows == count


@pytest.mark.parametrize("table", TABLES)
def test_the_folder_is_a_dataset_with_a_part_for_each_table(out: Path, table: str, tmp_path: Path) -> None:
    loaded = datasets.load_dataset(str(out), table, cache_dir=str(tmp_path))["train"]
    assert loaded.num_rows == pq.read_metadata(out / f"{table}.parquet").num_rows


@pytest.mark.parametrize("table", TABLES)
def test_parquet_has_the_columns_and_the_rows(out: Path, table: str) -> None:
    read = pq.read_table(out / f"{table}.parquet")
    assert read.column_names == [column.name for column in columns(TABLES[table])]
    assert not any(field.nullable for field in read.schema)
    lines = out / f"{table}.jsonl"
    if lines.exists():
        assert read.to_pylist() == rows(lines)


def test_parquet_without_rows_has_its_schema(tmp_path: Path) -> None:
    Parquet(tmp_path / "x.parquet", TABLES["mechanisms"]).close()
    assert pq.read_table(tmp_path / "x.parquet").schema.field("confidence").type == "double"


def test_the_json_schema_describes_the_documents(out: Path) -> None:
    schema = json.loads((out / "documents.schema.json").read_text("utf-8"))
    checker = jsonschema.Draft202012Validator(schema)
    documents = rows(out / "documents.jsonl")
    for row in documents:
        checker.validate(row)
    good = documents[0]
    for wrong in (
        {**good, "verdicts": {**good["verdicts"], "spun": 2}},
        {**good, "blocks": [{**good["blocks"][0], "kind": "song"}]},
        {name: value for name, value in good.items() if name != "title"},
        {**good, "extra": 1},
    ):
        assert not checker.is_valid(wrong)


@pytest.mark.parametrize(
    ("name", "before", "after", "says"),
    [
        ("mechanisms.csv", ",inhibits,", ",,", '"relation"'),
        ("edits.jsonl", '"status": "dropped"', '"status": "lost"', '"status"'),
        ("sentences.csv", ":s0000,part.txt", ":s0000,gone.txt", "documents-csv"),
        ("sentences.csv", "part.txt:s0000", "a.html:s0000", "primary key"),
        ("documents.jsonl", '"n_edits": ', '"n_edits": -', "minimum"),
    ],
)
def test_tampering_is_named_with_its_row(
    out: Path, tmp_path: Path, name: str, before: str, after: str, says: str
) -> None:
    assert frictionless.validate(str(out / "datapackage.json")).valid
    copy = spoilt(out, tmp_path / "copy", name, before, after)
    errors = frictionless.validate(str(copy / "datapackage.json")).flatten(["rowNumber", "message"])
    assert any(row and says in message.replace("PrimaryKey", "primary key") for row, message in errors), errors
    assert any("hash" in message for _, message in errors)


def test_an_empty_run_has_a_card_without_parts() -> None:
    assert "configs" not in card([])


def test_without_parquet_none_is_left_from_before(out: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(out, copy)
    assert pipeline("run", out.parent / "raw", copy).returncode == 0
    assert not list(copy.glob("*.parquet"))
    assert frictionless.validate(str(copy / "datapackage.json")).valid
