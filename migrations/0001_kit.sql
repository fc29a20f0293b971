-- What every slice leans on: audit chain, histories, notices, search, files, dictionaries, views.

-- One row: proves that the key file belongs to this database, and says whether it is the demonstration.
create table installation (id bigint primary key, canary text not null, office text not null, demonstration_seed bigint);

create table audit_head (id bigint primary key, seq bigint not null, hash text not null);
insert into audit_head (id, seq, hash)
values (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

create table audit_entry (
    seq bigint primary key, at timestamptz not null, actor text not null, deed text not null, noun text not null,
    record_id uuid, outcome text not null, digest text not null, request text not null, origin text not null,
    previous text not null, hash text not null
);
create index audit_entry_at on audit_entry (at, seq);
create index audit_entry_actor on audit_entry (actor, seq);
create index audit_entry_record on audit_entry (record_id, seq);

create table history (
    seq bigint primary key, noun text not null, record_id uuid not null, at timestamptz not null, account_id uuid,
    actor_name text not null, deed text not null, label text not null, from_state text not null,
    to_state text not null, note text not null, changes text not null
);
create index history_record on history (record_id, seq);

create table notice (
    id uuid primary key, at timestamptz not null, account_id uuid, role text, organisation_id uuid,
    inspection_id uuid, title text not null, noun text not null, record_id uuid not null
);
create index notice_account on notice (account_id, at);
create index notice_post on notice (role, organisation_id, inspection_id, at);
create table notice_read (
    notice_id uuid not null references notice (id), account_id uuid not null, at timestamptz not null,
    primary key (notice_id, account_id)
);

create table attachment (
    id uuid primary key, noun text not null, record_id uuid not null, name text not null, size bigint not null,
    digest text not null, at timestamptz not null, account_id uuid, by_name text not null
);
create index attachment_record on attachment (record_id, at);
create index attachment_digest on attachment (digest);

create table dictionary_item (
    id uuid primary key, version bigint not null, kind text not null, code text not null, label text not null,
    parent text, position bigint not null, valid_from date not null, valid_to date, basis text not null,
    unique (kind, code, valid_from)
);

-- The last number given in each series, such as 'WT-2023'.
create table number_series (series text primary key, last bigint not null);

create table idempotency (
    actor text not null, key text not null, digest text not null, noun text not null, record_id uuid not null,
    message text not null, at timestamptz not null, primary key (actor, key)
);

create table saved_view (
    id uuid primary key, version bigint not null, account_id uuid not null, noun text not null, name text not null,
    query text not null, shared boolean not null, at timestamptz not null
);
create index saved_view_noun on saved_view (noun, account_id);

create table form_draft (
    account_id uuid not null, form text not null, content text not null, at timestamptz not null,
    primary key (account_id, form)
);

create table import_batch (
    id uuid primary key, version bigint not null, kind text not null, file_name text not null, digest text not null,
    sheet text not null, rows_accepted bigint not null, rows_updated bigint not null, rows_unchanged bigint not null,
    at timestamptz not null, account_id uuid, by_name text not null, undone_at timestamptz, undone_by text,
    report text not null
);
create index import_batch_at on import_batch (at, id);
-- One row for each ledger row taken over, known again by its natural key.
create table import_row (
    kind text not null, key_digest text not null, content_digest text not null, record_id uuid not null,
    batch_id uuid not null references import_batch (id), position bigint not null, cells text not null,
    primary key (kind, key_digest)
);
create index import_row_batch on import_row (batch_id);
-- What a batch made or changed, with the version it left behind and, for changes, the values before.
create table import_made (
    batch_id uuid not null references import_batch (id), ordinal bigint not null, position bigint not null,
    noun text not null, record_id uuid not null, left_version bigint not null, before text not null,
    primary key (batch_id, ordinal)
);
-- Uploaded ledgers that wait for a decision; the file lies aside under the same identity.
create table import_upload (
    id uuid primary key, version bigint not null, kind text not null, file_name text not null, choices text not null,
    at timestamptz not null, account_id uuid not null
);
