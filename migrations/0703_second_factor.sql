-- Second factor at sign-in: the sealed secret of an authenticator, recovery codes by digest, and the
-- short time between password and code.

create table second_factor (
    account_id uuid primary key references account (id), secret_sealed text not null, made_at timestamptz not null,
    confirmed_at timestamptz, last_step bigint not null, reset_asked_by uuid, reset_asked_at timestamptz,
    reset_reason text not null
);
create table recovery_code (
    account_id uuid not null references account (id), code_digest text not null, used_at timestamptz,
    primary key (account_id, code_digest)
);
create table sign_in_step (
    token_hash text primary key, account_id uuid not null references account (id), enrols boolean not null,
    at timestamptz not null, until_at timestamptz not null, origin text not null
);
create index sign_in_step_until on sign_in_step (until_at);
