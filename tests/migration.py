"""`python -m tests.migration "Add judgements"` writes a migration for what the models have and it lacks."""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from alembic import command

from tracker.store import schema
from tracker.store.engine import open_store


def write(message: str, folder: Path) -> Path:
    """The new file, made by comparing the models with a database at the newest revision."""
    revision = f"{int(schema.revisions()[-1]) + 1:04}"
    with open_store(f"sqlite:///{folder}/newest.db").begin() as connection:
        config = schema.config_for(connection)
        config.set_main_option("file_template", "r%%(rev)s_%%(slug)s")
        command.revision(config, message, autogenerate=True, rev_id=revision)
    slug = re.sub(r"\W+", "_", message.lower())
    return next((schema.FOLDER / "versions").glob(f"r{revision}_{slug[:10]}*"))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        print(write(sys.argv[1], Path(folder)))
