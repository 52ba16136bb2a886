"""Views for people who look into the database with a tool of their own."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, query in views(sqlite).items():
        op.execute(f"create view {name} as {query}")


def views(sqlite: bool) -> dict[str, str]:
    return {
        "v_events": _events(sqlite),
        "v_tellings": _tellings(sqlite),
        "v_articles": _articles(),
        "v_sources": _sources(),
        "v_predictions": _predictions(sqlite),
    }


def _field(sqlite: bool, *path: str, of: str = "payload") -> str:
    """A value inside a JSON column, as text on PostgreSQL."""
    return f"json_extract({of}, '$.{'.'.join(path)}')" if sqlite else f"{of} #>> '{{{','.join(path)}}}'"


def _number(sqlite: bool, *path: str) -> str:
    return f"cast({_field(sqlite, *path)} as {'real' if sqlite else 'double precision'})"


def _events(sqlite: bool) -> str:
    parties = (
        """select group_concat(role.key || ': ' || json_extract(party.value, '$.name'), '; ')
           from json_each(event.payload, '$.parties') as role, json_each(role.value) as party"""
        if sqlite
        else """select string_agg(role.key || ': ' || (party.value ->> 'name'), '; ')
           from json_each(event.payload -> 'parties') as role,
                json_array_elements(role.value) as party"""
    )
    return f"""select id, type, status, category, salience, ({parties}) as parties,
        {_number(sqlite, "amount", "value")} as amount,
        {_field(sqlite, "amount", "currency")} as currency,
        {_number(sqlite, "amount_usd", "low")} as amount_usd_low,
        {_number(sqlite, "amount_usd", "high")} as amount_usd_high,
        {_field(sqlite, "round")} as round,
        first_reported, last_reported,
        (select count(*) from event_mention where event_id = event.id) as tellings,
        {_number(sqlite, "origins")} as origins,
        {_number(sqlite, "confidence")} as confidence
        from event"""


def _tellings(sqlite: bool) -> str:
    return f"""select link.event_id, article.published, article.source_id, article.title, article.url,
        {_field(sqlite, "status", of="mention.payload")} as status,
        {_field(sqlite, "evidence", "text", of="mention.payload")} as evidence,
        mention.id as mention_id, article.id as article_id
        from event_mention as link
        join mention on mention.id = link.mention_id
        join article on article.id = mention.article_id"""


def _articles() -> str:
    return """select id, source_id, published, seen_at, revision, language, tier, filing, title, url
        from article where not exists (select 1 from article as later
            where later.key = article.key and later.revision > article.revision)"""


def _sources() -> str:
    return """select source_id, count(distinct key) as articles, min(published) as oldest,
        max(published) as newest,
        (select max(finished) from "fetch" as crawl where crawl.source_id = article.source_id) as last_crawl,
        (select reason from "fetch" as crawl where crawl.source_id = article.source_id
            order by started desc, id desc limit 1) as last_reason
        from article group by source_id"""


def _predictions(sqlite: bool) -> str:
    stated = """select {} from probability where prediction_id = prediction.prediction_id
        order by at desc, id desc limit 1"""
    return f"""select prediction_id, version,
        {_field(sqlite, "title")} as title, {_field(sqlite, "statement")} as statement,
        {_field(sqlite, "deadline")} as deadline, logged_at,
        ({stated.format("value")}) as probability, ({stated.format('"by"')}) as stated_by,
        ({stated.format("at")}) as stated_at
        from prediction where not exists (select 1 from prediction as later
            where later.prediction_id = prediction.prediction_id and later.version > prediction.version)"""
