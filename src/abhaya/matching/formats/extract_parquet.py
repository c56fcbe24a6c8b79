"""Extracts: hashes with opaque ids, and the pairs found among them, as Parquet under AES-256-GCM (Parquet modular encryption).

Nothing else is in them: no name, no list, no report. The key of a run is never written down, so that what a killed run leaves
behind is noise; each file has a key of its own, made of that one and its name. A file is there whole or not at all.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow.parquet import encryption

from abhaya.shared.durable import whole_file

Integers = npt.NDArray[np.int64]

CODE_BYTES = 32
CODES = pa.schema([pa.field("id", pa.int64(), nullable=False), pa.field("code", pa.binary(CODE_BYTES), nullable=False)])
PAIRS = pa.schema(
    [
        pa.field("query", pa.int64(), nullable=False),
        pa.field("entry", pa.int64(), nullable=False),
        pa.field("distance", pa.int16(), nullable=False),
    ]
)


class Found(Protocol):
    """Pairs, as `index.Answer` has them."""

    @property
    def queries(self) -> Integers: ...
    @property
    def ids(self) -> Integers: ...
    @property
    def distances(self) -> Integers: ...


@dataclass(frozen=True, slots=True)
class Extract:
    """The files of one run in one folder, which every machine that works on it sees under the same path."""

    folder: Path
    key: bytes = field(repr=False)

    @contextmanager
    def writing_codes(self, name: str) -> Iterator[Callable[[Integers, bytes], int]]:
        """Gives what adds ids and, one after the other, their hashes, and says how many; the file is there at the end."""
        with self._writing(name, CODES) as write:
            yield lambda ids, hashes: write(_codes(ids, hashes))

    def read_codes(self, name: str) -> tuple[Integers, bytes]:
        table = self._read(name, CODES).combine_chunks()
        codes = table["code"].combine_chunks() if table.num_rows else None
        start = 0 if codes is None else codes.offset * CODE_BYTES
        length = table.num_rows * CODE_BYTES
        hashes = b"" if codes is None else codes.buffers()[1].slice(start, length).to_pybytes()
        return table["id"].to_numpy(), hashes

    def write_pairs(self, name: str, answers: Iterable[Found]) -> int:
        """Returns how many."""
        with self._writing(name, PAIRS) as write:
            return sum(write(pairs_table(answer)) for answer in answers)

    def read_pairs(self, name: str) -> tuple[Integers, Integers, Integers]:
        table = self._read(name, PAIRS)
        return table["query"].to_numpy(), table["entry"].to_numpy(), table["distance"].to_numpy().astype(np.int64)

    @contextmanager
    def _writing(self, name: str, schema: pa.Schema) -> Iterator[Callable[[pa.Table], int]]:
        sealed = encryption.create_encryption_properties(
            footer_key=self._key_of(name), aad_prefix=name.encode(), store_aad_prefix=False
        )
        with whole_file(self.path(name)) as file, written(file, schema, encryption_properties=sealed) as write:
            yield write

    def _read(self, name: str, schema: pa.Schema) -> pa.Table:
        opened = encryption.create_decryption_properties(footer_key=self._key_of(name), aad_prefix=name.encode())
        return pq.read_table(self.path(name), schema=schema, decryption_properties=opened, memory_map=True)

    def _key_of(self, name: str) -> bytes:
        return hmac.digest(self.key, name.encode(), "sha256")

    def path(self, name: str) -> Path:
        return self.folder / f"{name}.parquet"


@contextmanager
def written(file: BinaryIO, schema: pa.Schema, **options: Any) -> Iterator[Callable[[pa.Table], int]]:
    """A Parquet file, table by table; gives what adds one and says how many rows it has."""
    with pq.ParquetWriter(
        file, schema, compression="none", use_dictionary=False, **options
    ) as parquet:  # nothing shrinks

        def write(table: pa.Table) -> int:
            if table.num_rows:
                parquet.write_table(table)
            return int(table.num_rows)

        yield write


def pairs_table(answer: Found) -> pa.Table:
    return pa.table([answer.queries, answer.ids, answer.distances.astype(np.int16)], schema=PAIRS)


def _codes(ids: Integers, hashes: bytes) -> pa.Table:
    codes = pa.FixedSizeBinaryArray.from_buffers(pa.binary(CODE_BYTES), len(ids), [None, pa.py_buffer(hashes)])
    return pa.table([pa.array(ids, pa.int64()), codes], schema=CODES)
