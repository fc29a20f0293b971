-- What a person was reminded of, how each person wants it, and calendars that other programs may read.

-- Once for each record, deadline, person and stage; `digest_id` gathers what came on one day.
create table reminder (
    account_id uuid not null, noun text not null, record_id uuid not null, due_on date not null, stage text not null,
    digest_id uuid not null, at timestamptz not null, primary key (account_id, noun, record_id, due_on, stage)
);
create index reminder_digest on reminder (digest_id, due_on);
create index reminder_account on reminder (account_id, at);

create table reminder_setting (
    account_id uuid primary key references account (id), version bigint not null, manner text not null, quiet text not null
);

create table calendar_feed (
    token_hash text primary key, account_id uuid not null references account (id), made_at timestamptz not null,
    revoked_at timestamptz
);
create index calendar_feed_account on calendar_feed (account_id, made_at);
