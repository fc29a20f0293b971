-- Why somebody opened a sealed record, and until when that reason opens it in the same session.

create table sealed_opening (
    id uuid primary key, session_hash text not null, account_id uuid not null, noun text not null, record_id uuid not null,
    reason text not null, at timestamptz not null, until_at timestamptz not null
);
create index sealed_opening_session on sealed_opening (session_hash, record_id);
create index sealed_opening_record on sealed_opening (record_id, at);
