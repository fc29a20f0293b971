-- Public intake, the office's side: the keys to which letters are closed (the secret halves sealed), the hosts whose
-- packages are taken, and which letter became which petition, so that a package taken twice makes nothing twice.
create table intake_key (
    id uuid primary key, public_key text not null unique, secret_sealed text not null, made_at timestamptz not null
);
create table intake_host (
    id uuid primary key, public_key text not null unique, trusted_at timestamptz not null, trusted_by text not null,
    last_serial bigint not null, last_digest text not null
);
create table intake_letter (
    id uuid primary key, host_id uuid not null references intake_host (id),
    petition_id uuid not null references petition (id), carried_at timestamptz not null
);
create index intake_letter_host on intake_letter (host_id, id);
create index intake_letter_petition on intake_letter (petition_id);
