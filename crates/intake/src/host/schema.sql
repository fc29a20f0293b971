-- The intake host knows nothing of a letter but when it came, how long its envelope is, and a digest of the code
-- by which its writer asks for it.
create table office (
    id bigint primary key,
    name text not null,
    signer text not null,
    bulletin text not null,
    made_at timestamptz not null,
    loaded_at timestamptz not null
);
create table letter (
    id text primary key,
    code_digest text not null unique,
    form_digest text not null unique,
    received_at timestamptz not null,
    size bigint not null,
    digest text not null,
    package bigint,
    carried_on date,
    word text,
    removed_at timestamptz
);
create index letter_package on letter (package, received_at);
create table package (
    serial bigint primary key,
    manifest text not null,
    digest text not null,
    made_at timestamptz not null
);
