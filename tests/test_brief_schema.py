"""The published schema of an issue's JSON form.

After a deliberate change run `tracker briefing schema > data/schemas/briefing-1.json`; where a reader
of the old form would break, raise the version.
"""

from __future__ import annotations

import json

import jsonschema
import pytest
from click.testing import CliRunner

from tests.test_brief_issue import WEEKS
from tracker.brief.model import json_schema
from tracker.brief.render import render
from tracker.cli import main
from tracker.config import shipped

PUBLISHED = json.loads(shipped("data", "schemas", "briefing-1.json").read_text("utf-8"))


def test_the_published_schema_is_that_of_the_program() -> None:
    assert json_schema() == PUBLISHED
    done = CliRunner().invoke(main, ["briefing", "schema"])
    assert json.loads(done.stdout) == PUBLISHED


@pytest.mark.parametrize("name", WEEKS)
def test_every_issue_follows_it(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(PUBLISHED)
    issue = json.loads(render(WEEKS[name]())["json"])
    jsonschema.validate(issue, PUBLISHED)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**issue, "schema": "tracker-briefing/2"}, PUBLISHED)
    del issue["bottom_line"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(issue, PUBLISHED)
