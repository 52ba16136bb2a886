BEGIN TRANSACTION;
CREATE TABLE article (
	id INTEGER NOT NULL, 
	"key" VARCHAR NOT NULL, 
	revision INTEGER NOT NULL, 
	source_id VARCHAR NOT NULL, 
	url VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	text VARCHAR NOT NULL, 
	content_hash VARCHAR NOT NULL, 
	published DATETIME NOT NULL, 
	modified DATETIME, 
	seen_at DATETIME NOT NULL, 
	language VARCHAR NOT NULL, 
	tier INTEGER NOT NULL, 
	filing BOOLEAN NOT NULL, 
	details JSON NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE ("key", revision)
);
INSERT INTO "article" VALUES(1,'aaaaaaaaaaaaaaaa',1,'wire.example','https://wire.example/1','IBM to buy Confluent','IBM said it will buy Confluent for $11 billion in cash.','87f3a909e6c9e3948790490660132507','2026-01-05 09:00:00.000000',NULL,'2026-01-05 10:00:00.000000','en',1,0,'{"address": "https://wire.example/1"}');
INSERT INTO "article" VALUES(2,'bbbbbbbbbbbbbbbb',1,'blog.example','https://blog.example/1','OpenAI shuts Sora','OpenAI said on Monday that it will close Sora.','3cdcbe9de34534cc9201dee155987e46','2026-02-02 09:00:00.000000',NULL,'2026-02-02 10:00:00.000000','en',3,0,'{}');
CREATE TABLE event (
	id VARCHAR NOT NULL, 
	type VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	category VARCHAR NOT NULL, 
	salience VARCHAR NOT NULL, 
	first_reported DATETIME NOT NULL, 
	last_reported DATETIME NOT NULL, 
	payload JSON NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "event" VALUES('acquisition-confluent-7a7d39','acquisition','announced','infrastructure','main','2026-01-05 09:00:00.000000','2026-01-05 09:00:00.000000','{"id": "acquisition-confluent-7a7d39", "type": "acquisition", "kind": null, "status": "announced", "salience": "main", "category": "infrastructure", "round": null, "scope": null, "parties": {"acquirer": [{"name": "IBM", "company_id": "ibm", "kind": "enterprise software"}], "target": [{"name": "Confluent", "company_id": "confluent", "kind": "data platform"}]}, "place": [], "from_": null, "to": null, "amount": {"value": 11000000000.0, "max": null, "currency": "USD", "qualifier": "exact", "text": "$11 billion", "start": 56, "end": 67}, "amount_usd": {"low": 11000000000.0, "high": 11000000000.0, "currency": "USD", "rate": null, "rate_date": null}, "valuation": null, "valuation_usd": null, "states": [{"status": "announced", "date": "2026-01-05", "article_id": 1}], "first_reported": "2026-01-05T09:00:00Z", "last_reported": "2026-01-05T09:00:00Z", "origins": 1, "filings": 0, "confidence": 0.9, "sources": [{"mention_id": 1, "article_id": 1, "source_id": "wire.example", "url": "https://wire.example/1", "title": "IBM to buy Confluent", "published": "2026-01-05T09:00:00Z", "seen_at": "2026-01-05T10:00:00Z", "tier": 1, "filing": false, "origin": "wire.example", "salience": "main", "status": "announced", "evidence": "IBM said it will buy Confluent for $11 billion in cash.", "start": 21, "end": 76, "confidence": 0.9}], "contradictions": []}');
INSERT INTO "event" VALUES('shutdown-sora-eb5e47','shutdown','announced','model','main','2026-02-02 09:00:00.000000','2026-02-02 09:00:00.000000','{"id": "shutdown-sora-eb5e47", "type": "shutdown", "kind": null, "status": "announced", "salience": "main", "category": "model", "round": null, "scope": null, "parties": {"company": [{"name": "OpenAI", "company_id": "openai", "kind": "model lab"}], "subject": [{"name": "Sora", "company_id": "prov:sora", "kind": null}]}, "place": [], "from_": null, "to": null, "amount": null, "amount_usd": null, "valuation": null, "valuation_usd": null, "states": [{"status": "announced", "date": "2026-02-02", "article_id": 2}], "first_reported": "2026-02-02T09:00:00Z", "last_reported": "2026-02-02T09:00:00Z", "origins": 1, "filings": 0, "confidence": 0.8, "sources": [{"mention_id": 2, "article_id": 2, "source_id": "blog.example", "url": "https://blog.example/1", "title": "OpenAI shuts Sora", "published": "2026-02-02T09:00:00Z", "seen_at": "2026-02-02T10:00:00Z", "tier": 3, "filing": false, "origin": "blog.example", "salience": "main", "status": "announced", "evidence": "OpenAI said on Monday that it will close Sora.", "start": 18, "end": 64, "confidence": 0.8}], "contradictions": []}');
CREATE TABLE event_mention (
	mention_id INTEGER NOT NULL, 
	event_id VARCHAR NOT NULL, 
	PRIMARY KEY (mention_id), 
	FOREIGN KEY(mention_id) REFERENCES mention (id), 
	FOREIGN KEY(event_id) REFERENCES event (id)
);
INSERT INTO "event_mention" VALUES(1,'acquisition-confluent-7a7d39');
INSERT INTO "event_mention" VALUES(2,'shutdown-sora-eb5e47');
CREATE TABLE extraction (
	article_id INTEGER NOT NULL, 
	extractor VARCHAR NOT NULL, 
	PRIMARY KEY (article_id, extractor), 
	FOREIGN KEY(article_id) REFERENCES article (id)
);
INSERT INTO "extraction" VALUES(1,'x1');
INSERT INTO "extraction" VALUES(2,'x1');
CREATE TABLE fetch (
	id INTEGER NOT NULL, 
	source_id VARCHAR NOT NULL, 
	started DATETIME NOT NULL, 
	finished DATETIME NOT NULL, 
	ok BOOLEAN NOT NULL, 
	items INTEGER NOT NULL, 
	new INTEGER NOT NULL, 
	changed INTEGER NOT NULL, 
	unchanged INTEGER NOT NULL, 
	failed INTEGER NOT NULL, 
	reason VARCHAR NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "fetch" VALUES(1,'wire.example','2026-01-05 10:00:00.000000','2026-01-05 10:01:00.000000',1,1,1,0,0,0,'');
CREATE TABLE mention (
	id INTEGER NOT NULL, 
	article_id INTEGER NOT NULL, 
	extractor VARCHAR NOT NULL, 
	type VARCHAR NOT NULL, 
	payload JSON NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(article_id) REFERENCES article (id)
);
INSERT INTO "mention" VALUES(1,1,'x1','acquisition','{"type": "acquisition", "salience": "main", "status": "announced", "acquirer": [{"text": "IBM", "start": 0, "end": 3, "name": "IBM"}], "target": [{"text": "Confluent", "start": 11, "end": 20, "name": "Confluent"}], "amount": {"value": 11000000000.0, "currency": "USD", "qualifier": "exact", "text": "$11 billion", "start": 56, "end": 67}, "category": "infrastructure", "evidence": {"text": "IBM said it will buy Confluent for $11 billion in cash.", "start": 21, "end": 76}, "confidence": 0.9}');
INSERT INTO "mention" VALUES(2,2,'x1','shutdown','{"type": "shutdown", "salience": "main", "status": "announced", "company": [{"text": "OpenAI", "start": 0, "end": 6, "name": "OpenAI"}], "subject": [{"text": "Sora", "start": 13, "end": 17, "name": "Sora"}], "category": "model", "evidence": {"text": "OpenAI said on Monday that it will close Sora.", "start": 18, "end": 64}, "confidence": 0.8}');
CREATE TABLE prediction (
	id INTEGER NOT NULL, 
	prediction_id VARCHAR NOT NULL, 
	version INTEGER NOT NULL, 
	digest VARCHAR NOT NULL, 
	logged_at DATETIME NOT NULL, 
	payload JSON NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (prediction_id, version)
);
INSERT INTO "prediction" VALUES(1,'three-deals',1,'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd','2026-01-02 08:00:00.000000','{"id": "three-deals", "title": "Three deals", "statement": "Three deals above ten billion dollars.", "deadline": "2026-12-31"}');
CREATE TABLE probability (
	id INTEGER NOT NULL, 
	prediction_id VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	"by" VARCHAR NOT NULL, 
	value FLOAT NOT NULL, 
	why VARCHAR NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "probability" VALUES(1,'three-deals','2026-01-02 08:00:00.000000','ana',0.4,'a start');
INSERT INTO "probability" VALUES(2,'three-deals','2026-02-01 08:00:00.000000','ana',0.6,'one is done');
CREATE TABLE source_state (
	source_id VARCHAR NOT NULL, 
	url VARCHAR NOT NULL, 
	etag VARCHAR NOT NULL, 
	last_modified VARCHAR NOT NULL, 
	not_before DATETIME, 
	PRIMARY KEY (source_id)
);
INSERT INTO "source_state" VALUES('wire.example','https://wire.example/feed','"7"','',NULL);
CREATE INDEX ix_article_seen_at ON article (seen_at);
CREATE INDEX ix_article_key ON article ("key");
CREATE INDEX ix_article_source_id ON article (source_id);
CREATE INDEX ix_article_published ON article (published);
CREATE INDEX ix_event_type ON event (type);
CREATE INDEX ix_event_first_reported ON event (first_reported);
CREATE INDEX ix_prediction_prediction_id ON prediction (prediction_id);
CREATE INDEX ix_probability_prediction_id ON probability (prediction_id);
CREATE INDEX ix_fetch_source_id ON fetch (source_id);
CREATE INDEX ix_fetch_started ON fetch (started);
CREATE INDEX ix_mention_type ON mention (type);
CREATE INDEX ix_mention_article_id ON mention (article_id);
CREATE INDEX ix_event_mention_event_id ON event_mention (event_id);
COMMIT;
