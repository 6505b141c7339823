-- +goose Up
-- The case files. One table for each noun, one column for each field, named as
-- in JSON: docs/formats/casefile.md. Lists are JSON text; moments RFC 3339 in
-- UTC; dates the one text of casefile.Date. AUTOINCREMENT, so that the number
-- of a deleted row is never given again.

CREATE TABLE users (
    "id"             INTEGER PRIMARY KEY AUTOINCREMENT,
    "name"           TEXT NOT NULL,
    "organisation"   TEXT NOT NULL,
    "roles"          TEXT NOT NULL,
    "sign_key"       TEXT NOT NULL,
    "recipient"      TEXT NOT NULL,
    "left"           INTEGER NOT NULL
);

CREATE TABLE settings (
    "id"             INTEGER PRIMARY KEY AUTOINCREMENT,
    "key"            TEXT NOT NULL,
    "value"          TEXT NOT NULL
);
CREATE UNIQUE INDEX settings_by_key ON settings ("key");

CREATE TABLE cases (
    "id"             INTEGER PRIMARY KEY AUTOINCREMENT,
    "number"         TEXT NOT NULL,
    "title"          TEXT NOT NULL,
    "country"        TEXT NOT NULL,
    "opened"         TEXT NOT NULL,
    "languages"      TEXT NOT NULL,
    "status"         TEXT NOT NULL,
    "priority"       TEXT NOT NULL,
    "note"           TEXT NOT NULL
);
CREATE UNIQUE INDEX cases_by_number ON cases ("number");
CREATE INDEX cases_by_opened ON cases ("opened");
CREATE INDEX cases_by_status ON cases ("status", "opened");
CREATE INDEX cases_by_country ON cases ("country", "opened");

CREATE TABLE printed_codes (
    "id"             INTEGER PRIMARY KEY AUTOINCREMENT,
    "case"           INTEGER REFERENCES cases (id),
    "printed"        TEXT NOT NULL,
    "key"            TEXT NOT NULL,
    "update"         TEXT NOT NULL,
    "why"            TEXT NOT NULL
);
CREATE INDEX printed_codes_by_case ON printed_codes ("case");
CREATE INDEX printed_codes_by_key ON printed_codes ("key");

CREATE TABLE register (
    "id"             INTEGER PRIMARY KEY AUTOINCREMENT,
    "year"           INTEGER NOT NULL,
    "country"        TEXT NOT NULL,
    "seq"            INTEGER NOT NULL,
    "serial"         INTEGER NOT NULL,
    "prefix"         TEXT NOT NULL,
    "mmyy"           TEXT NOT NULL,
    "case"           INTEGER REFERENCES cases (id),
    "state"          TEXT NOT NULL,
    "reason"         TEXT NOT NULL,
    "by"             TEXT NOT NULL,
    "at"             TEXT NOT NULL
);
CREATE INDEX register_by_case ON register ("case");
CREATE UNIQUE INDEX register_by_serial ON register ("year", "prefix", "serial");
CREATE UNIQUE INDEX register_by_seq ON register ("year", "prefix", "country", "seq");

CREATE TABLE case_links (
    "id"             INTEGER PRIMARY KEY AUTOINCREMENT,
    "from"           INTEGER REFERENCES cases (id),
    "to"             INTEGER REFERENCES cases (id),
    "kind"           TEXT NOT NULL,
    "note"           TEXT NOT NULL
);
CREATE INDEX case_links_by_from ON case_links ("from");
CREATE INDEX case_links_by_to ON case_links ("to");

CREATE TABLE persons (
    "id"             INTEGER PRIMARY KEY AUTOINCREMENT,
    "kind"           TEXT NOT NULL,
    "name"           TEXT NOT NULL,
    "title"          TEXT NOT NULL,
    "aliases"        TEXT NOT NULL,
    "defender"       TEXT NOT NULL,
    "sex"            TEXT NOT NULL,
    "birth_year"     INTEGER NOT NULL,
    "occupation"     TEXT NOT NULL,
    "residence"      TEXT NOT NULL,
    "affiliations"   TEXT NOT NULL,
    "work"           TEXT NOT NULL,
    "minor"          INTEGER NOT NULL,
    "private"        TEXT NOT NULL
);
CREATE INDEX persons_by_name ON persons ("name");

CREATE TABLE roles (
    "id"             INTEGER PRIMARY KEY AUTOINCREMENT,
    "case"           INTEGER REFERENCES cases (id),
    "person"         INTEGER REFERENCES persons (id),
    "role"           TEXT NOT NULL,
    "degree"         TEXT NOT NULL,
    "note"           TEXT NOT NULL
);
CREATE INDEX roles_by_case ON roles ("case");
CREATE INDEX roles_by_person ON roles ("person");

CREATE TABLE acts (
    "id"             INTEGER PRIMARY KEY AUTOINCREMENT,
    "case"           INTEGER REFERENCES cases (id),
    "victims"        TEXT NOT NULL,
    "type"           TEXT NOT NULL,
    "place"          TEXT NOT NULL,
    "when"           TEXT NOT NULL,
    "until"          TEXT NOT NULL,
    "perpetrators"   TEXT NOT NULL,
    "law"            TEXT NOT NULL,
    "method"         TEXT NOT NULL,
    "status"         TEXT NOT NULL,
    "confirmed_at"   TEXT NOT NULL,
    "to_work"        TEXT NOT NULL,
    "note"           TEXT NOT NULL,
    "refs"           TEXT NOT NULL
);
CREATE INDEX acts_by_case ON acts ("case");

CREATE TABLE events (
    "id"             INTEGER PRIMARY KEY AUTOINCREMENT,
    "case"           INTEGER REFERENCES cases (id),
    "when"           TEXT NOT NULL,
    "text"           TEXT NOT NULL,
    "refs"           TEXT NOT NULL
);
CREATE INDEX events_by_case ON events ("case");

CREATE TABLE inactions (
    "id"             INTEGER PRIMARY KEY AUTOINCREMENT,
    "case"           INTEGER REFERENCES cases (id),
    "who"            TEXT NOT NULL,
    "asked"          TEXT NOT NULL,
    "asked_by"       TEXT NOT NULL,
    "followed"       TEXT NOT NULL,
    "no_complaint"   TEXT NOT NULL,
    "refs"           TEXT NOT NULL
);
CREATE INDEX inactions_by_case ON inactions ("case");

CREATE TABLE steps (
    "id"             INTEGER PRIMARY KEY AUTOINCREMENT,
    "case"           INTEGER REFERENCES cases (id),
    "when"           TEXT NOT NULL,
    "what"           TEXT NOT NULL,
    "by"             TEXT NOT NULL,
    "result"         TEXT NOT NULL
);
CREATE INDEX steps_by_case ON steps ("case");

CREATE TABLE bills (
    "id"             INTEGER PRIMARY KEY AUTOINCREMENT,
    "case"           INTEGER REFERENCES cases (id),
    "title"          TEXT NOT NULL,
    "country"        TEXT NOT NULL,
    "stages"         TEXT NOT NULL,
    "next"           TEXT NOT NULL,
    "note"           TEXT NOT NULL
);
CREATE INDEX bills_by_case ON bills ("case");

CREATE TABLE outcomes (
    "id"             INTEGER PRIMARY KEY AUTOINCREMENT,
    "case"           INTEGER REFERENCES cases (id),
    "person"         INTEGER REFERENCES persons (id),
    "what"           TEXT NOT NULL,
    "impact"         TEXT NOT NULL,
    "when"           TEXT NOT NULL,
    "refs"           TEXT NOT NULL
);
CREATE INDEX outcomes_by_case ON outcomes ("case");
CREATE INDEX outcomes_by_person ON outcomes ("person");

CREATE TABLE accounts (
    "id"             INTEGER PRIMARY KEY AUTOINCREMENT,
    "platform"       TEXT NOT NULL,
    "native"         TEXT NOT NULL,
    "name"           TEXT NOT NULL,
    "kind"           TEXT NOT NULL,
    "case"           INTEGER REFERENCES cases (id),
    "until"          TEXT NOT NULL
);
CREATE INDEX accounts_by_case ON accounts ("case");
CREATE INDEX accounts_by_native ON accounts ("platform", "native");

CREATE TABLE attributes (
    "id"             INTEGER PRIMARY KEY AUTOINCREMENT,
    "account"        INTEGER REFERENCES accounts (id),
    "what"           TEXT NOT NULL,
    "according"      TEXT NOT NULL,
    "date"           TEXT NOT NULL,
    "refs"           TEXT NOT NULL,
    "second"         TEXT NOT NULL,
    "second_refs"    TEXT NOT NULL,
    "chance_at"      TEXT NOT NULL,
    "answer"         TEXT NOT NULL,
    "legal_reader"   TEXT NOT NULL,
    "legal_at"       TEXT NOT NULL
);
CREATE INDEX attributes_by_account ON attributes ("account");

CREATE TABLE authorities (
    "id"             INTEGER PRIMARY KEY AUTOINCREMENT,
    "country"        TEXT NOT NULL,
    "office"         TEXT NOT NULL,
    "offices"        TEXT NOT NULL,
    "honorific"      TEXT NOT NULL,
    "salutations"    TEXT NOT NULL,
    "note"           TEXT NOT NULL
);
CREATE INDEX authorities_by_country ON authorities ("country");

CREATE TABLE holders (
    "id"             INTEGER PRIMARY KEY AUTOINCREMENT,
    "authority"      INTEGER REFERENCES authorities (id),
    "name"           TEXT NOT NULL,
    "title"          TEXT NOT NULL,
    "from"           TEXT NOT NULL,
    "to"             TEXT NOT NULL
);
CREATE INDEX holders_by_authority ON holders ("authority");

CREATE TABLE channels (
    "id"             INTEGER PRIMARY KEY AUTOINCREMENT,
    "authority"      INTEGER REFERENCES authorities (id),
    "kind"           TEXT NOT NULL,
    "value"          TEXT NOT NULL,
    "proof"          TEXT NOT NULL,
    "checked"        TEXT NOT NULL,
    "bounced"        TEXT NOT NULL
);
CREATE INDEX channels_by_authority ON channels ("authority");

CREATE TABLE sources (
    "id"             INTEGER PRIMARY KEY AUTOINCREMENT,
    "case"           INTEGER REFERENCES cases (id),
    "label"          TEXT NOT NULL,
    "sealed"         BLOB NOT NULL,
    "readers"        TEXT NOT NULL,
    "reliability"    TEXT NOT NULL,
    "connection"     TEXT NOT NULL,
    "group"          TEXT NOT NULL,
    "formula"        TEXT NOT NULL,
    "printed"        TEXT NOT NULL
);
CREATE INDEX sources_by_case ON sources ("case");

CREATE TABLE statements (
    "id"             INTEGER PRIMARY KEY AUTOINCREMENT,
    "case"           INTEGER REFERENCES cases (id),
    "kind"           TEXT NOT NULL,
    "section"        TEXT NOT NULL,
    "order"          INTEGER NOT NULL,
    "text"           TEXT NOT NULL,
    "cites"          TEXT NOT NULL,
    "rests"          TEXT NOT NULL,
    "clause"         TEXT NOT NULL,
    "sources"        TEXT NOT NULL,
    "persons"        TEXT NOT NULL,
    "sensitive"      TEXT NOT NULL,
    "according"      TEXT NOT NULL
);
CREATE INDEX statements_by_case ON statements ("case");

CREATE TABLE consents (
    "id"             INTEGER PRIMARY KEY AUTOINCREMENT,
    "case"           INTEGER REFERENCES cases (id),
    "person"         INTEGER REFERENCES persons (id),
    "use"            TEXT NOT NULL,
    "answer"         TEXT NOT NULL,
    "text_hash"      TEXT NOT NULL,
    "basis"          TEXT NOT NULL,
    "given_by"       TEXT NOT NULL,
    "when"           TEXT NOT NULL,
    "how"            TEXT NOT NULL,
    "ref"            TEXT NOT NULL,
    "risk"           TEXT NOT NULL,
    "review"         TEXT NOT NULL,
    "signed_by"      TEXT NOT NULL,
    "withdrawn_at"   TEXT NOT NULL
);
CREATE INDEX consents_by_case ON consents ("case");
CREATE INDEX consents_by_person ON consents ("person");

CREATE TABLE decisions (
    "id"             INTEGER PRIMARY KEY AUTOINCREMENT,
    "case"           INTEGER REFERENCES cases (id),
    "choice"         TEXT NOT NULL,
    "reason"         TEXT NOT NULL,
    "risks"          TEXT NOT NULL,
    "asked"          TEXT NOT NULL,
    "by"             TEXT NOT NULL,
    "at"             TEXT NOT NULL,
    "review"         TEXT NOT NULL
);
CREATE INDEX decisions_by_case ON decisions ("case");

CREATE TABLE holds (
    "id"             INTEGER PRIMARY KEY AUTOINCREMENT,
    "case"           INTEGER REFERENCES cases (id),
    "by"             TEXT NOT NULL,
    "name"           TEXT NOT NULL,
    "kind"           TEXT NOT NULL,
    "why"            TEXT NOT NULL,
    "since"          TEXT NOT NULL,
    "lifted"         TEXT NOT NULL
);
CREATE INDEX holds_by_case ON holds ("case");

CREATE TABLE findings (
    "id"             INTEGER PRIMARY KEY AUTOINCREMENT,
    "case"           INTEGER REFERENCES cases (id),
    "report"         TEXT NOT NULL,
    "verdict"        TEXT NOT NULL,
    "why"            TEXT NOT NULL,
    "by"             TEXT NOT NULL,
    "at"             TEXT NOT NULL,
    "words"          TEXT NOT NULL
);
CREATE INDEX findings_by_case ON findings ("case");

CREATE TABLE documents (
    "id"             INTEGER PRIMARY KEY AUTOINCREMENT,
    "case"           INTEGER REFERENCES cases (id),
    "kind"           TEXT NOT NULL,
    "code"           TEXT NOT NULL,
    "update"         INTEGER NOT NULL,
    "language"       TEXT NOT NULL,
    "appeal"         TEXT NOT NULL,
    "hash"           TEXT NOT NULL,
    "state"          TEXT NOT NULL,
    "frozen"         TEXT NOT NULL,
    "embargo"        TEXT NOT NULL,
    "revision_of"    INTEGER REFERENCES documents (id),
    "update_of"      INTEGER REFERENCES documents (id),
    "audience"       TEXT NOT NULL
);
CREATE INDEX documents_by_case ON documents ("case");
CREATE INDEX documents_by_revision_of ON documents ("revision_of");
CREATE INDEX documents_by_update_of ON documents ("update_of");

CREATE TABLE approvals (
    "id"             INTEGER PRIMARY KEY AUTOINCREMENT,
    "document"       INTEGER REFERENCES documents (id),
    "hash"           TEXT NOT NULL,
    "user"           INTEGER REFERENCES users (id),
    "organisation"   TEXT NOT NULL,
    "signature"      TEXT NOT NULL,
    "at"             TEXT NOT NULL,
    "phone"          TEXT NOT NULL,
    "person"         TEXT NOT NULL,
    "impossible"     TEXT NOT NULL
);
CREATE INDEX approvals_by_document ON approvals ("document");
CREATE INDEX approvals_by_user ON approvals ("user");

CREATE TABLE acceptances (
    "id"             INTEGER PRIMARY KEY AUTOINCREMENT,
    "document"       INTEGER REFERENCES documents (id),
    "rule"           TEXT NOT NULL,
    "where"          TEXT NOT NULL,
    "reason"         TEXT NOT NULL,
    "by"             TEXT NOT NULL,
    "at"             TEXT NOT NULL
);;
CREATE INDEX acceptances_by_document ON acceptances ("document");

-- Who wrote what, when, by which command: never changed, and chained.
CREATE TABLE audit (
    "id"      INTEGER PRIMARY KEY,
    "at"      TEXT NOT NULL,
    "name"    TEXT NOT NULL,
    "command" TEXT NOT NULL,
    "changes" TEXT NOT NULL,
    "chain"   TEXT NOT NULL
);
-- +goose StatementBegin
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT raise(ABORT, 'the audit is never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit BEGIN SELECT raise(ABORT, 'the audit is never changed'); END;
-- +goose StatementEnd

-- Records for the evidence log: number is the leaf, NULL while one waits; then
-- record and salt are empty.
CREATE TABLE log_queue (
    "id"     INTEGER PRIMARY KEY AUTOINCREMENT,
    "kind"   TEXT NOT NULL,
    "leaf"   TEXT NOT NULL UNIQUE,
    "record" TEXT NOT NULL,
    "salt"   TEXT NOT NULL,
    "at"     TEXT NOT NULL,
    "number" INTEGER
);
CREATE INDEX log_queue_waiting ON log_queue ("id") WHERE "number" IS NULL;

-- The search: terms only, no text; see store/terms.go.
CREATE VIRTUAL TABLE search USING fts5(terms, content='', contentless_delete=1, detail='none', prefix='3 4 5 6',
    tokenize="unicode61 remove_diacritics 0 categories 'L* N* Mc Co' tokenchars '_'");
-- No merging on the side: it made one write in a hundred take 60 ms among a
-- million rows. The program merges a little with every write.
INSERT INTO search (search, rank) VALUES ('automerge', 0);
