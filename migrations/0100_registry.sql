-- Organisations, people, accounts and posts, policies, calendar, transfers.

create table organisation (
    id uuid primary key, version bigint not null, code text not null unique, name text not null, kind text not null,
    parent_id uuid references organisation (id), district_id uuid references organisation (id),
    valid_from date not null, valid_to date, note text not null
);
create index organisation_name on organisation (name, id);
create index organisation_kind on organisation (kind, id);

create table organisation_leader (
    id uuid primary key, version bigint not null, organisation_id uuid not null references organisation (id),
    leader_name text not null, leader_title text not null, from_on date not null, to_on date
);
create index organisation_leader_organisation on organisation_leader (organisation_id, from_on);

create table person (
    id uuid primary key, version bigint not null, name text not null, organisation_id uuid references organisation (id),
    title text not null, speciality text not null, note text not null
);
create index person_name on person (name, id);

create table account (
    id uuid primary key, version bigint not null, login text not null unique, name text not null,
    password_hash text not null, state text not null, person_id uuid references person (id), valid_to date,
    password_changed_at timestamptz not null
);

create table post (
    id uuid primary key, version bigint not null, account_id uuid not null references account (id), role text not null,
    organisation_id uuid references organisation (id), inspection_id uuid, from_on date not null, to_on date,
    state text not null, basis text not null, proposed_by uuid, approved_by uuid
);
create index post_account on post (account_id, role);
create index post_inspection on post (inspection_id, role);

create table session (
    token_hash text primary key, account_id uuid not null references account (id), started_at timestamptz not null,
    seen_at timestamptz not null, origin text not null
);
create index session_account on session (account_id);

create table sign_in_failure (
    subject text primary key, failures bigint not null, last_at timestamptz not null, blocked_until timestamptz not null
);

create table set_up (id bigint primary key, secret_hash text not null, expires_at timestamptz not null, used_at timestamptz);

create table policy (
    id uuid primary key, version bigint not null, code text not null, label text not null, amount bigint not null,
    unit text not null, basis text not null, valid_from date not null, valid_to date, unique (code, valid_from)
);

create table calendar_day (
    id uuid primary key, version bigint not null, day date not null unique, working boolean not null, name text not null
);

create table transfer (
    id uuid primary key, version bigint not null, number text not null, kind text not null, subject_noun text not null,
    subject_id uuid not null, title text not null, inspection_id uuid, organisation_id uuid references organisation (id),
    recipient_id uuid not null references organisation (id), mode text not null, early boolean not null,
    state text not null, prepared_by uuid, prepared_on date not null, approved_by uuid, approved_on date, sent_on date,
    due_on date, due_basis text not null, received_on date, received_by text not null, disposal text not null,
    disposal_on date, result text not null, result_on date, result_note text not null, closed_on date
);
create index transfer_number on transfer (number, id);
create index transfer_recipient on transfer (recipient_id, state);
create index transfer_subject on transfer (subject_id);
create index transfer_sent on transfer (kind, sent_on);
