"""Every kind of input by its name."""

from __future__ import annotations

from collections.abc import Mapping

from tests.fuzz import gathered
from tests.fuzz.kind import Kind

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (gathered.FEEDS,)}
