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
    password_changed_at timestamptz not null, password_initial boolean not null
);

create table post (
    id uuid primary key, version bigint not null, account_id uuid not null references account (id), role text not null,
    organisation_id uuid references organisation (id), inspection_id uuid, from_on date not null, to_on date,
    state text not null, basis text not null, proposed_by uuid, decided_by uuid, decision text not null
);
create index post_account on post (account_id, role);
create index post_from on post (from_on, id);
create index post_inspection on post (inspection_id, role);

create table session (
    token_hash text primary key, account_id uuid not null references account (id), started_at timestamptz not null,
    seen_at timestamptz not null, origin text not null
);
create index session_account on session (account_id);
create index session_started on session (started_at);

create table sign_in_failure (
    subject text primary key, failures bigint not null, last_at timestamptz not null, blocked_until timestamptz not null
);
create index sign_in_failure_last on sign_in_failure (last_at);

create table set_up (id bigint primary key, secret_hash text not null, expires_at timestamptz not null, used_at timestamptz);

create table policy (
    id uuid primary key, version bigint not null, code text not null, label text not null, amount bigint not null,
    unit text not null, basis text not null, valid_from date not null, valid_to date, unique (code, valid_from)
);

create table calendar_day (
    id uuid primary key, version bigint not null, day date not null unique, working boolean not null, name text not null
);

-- `ordinal` counts the transfers of one subject from 1 (a double transfer has two), so that a list
-- of subjects joins the first one only: `left join transfer tr on tr.subject_id = s.id and tr.ordinal = 1`.
create table transfer (
    id uuid primary key, version bigint not null, number text not null unique, kind text not null,
    subject_noun text not null, subject_id uuid not null, ordinal bigint not null, title text not null,
    inspection_id uuid, organisation_id uuid references organisation (id),
    recipient_id uuid not null references organisation (id), mode text not null, early boolean not null,
    state text not null, sent_by uuid, sent_on date not null, due_on date not null, due_basis text not null,
    received_on date, received_by text not null, disposal_due_on date, disposal text, disposal_on date,
    disposal_note text not null, result text, result_on date, result_note text not null, returned_on date,
    return_reason text not null, urged_on date, urges bigint not null, closed_on date, unique (subject_id, ordinal)
);
create index transfer_recipient on transfer (recipient_id, state);
create index transfer_inspection on transfer (inspection_id);
create index transfer_kind on transfer (kind, sent_on);
create index transfer_sent on transfer (sent_on, id);
create index transfer_due on transfer (due_on, id);
create index transfer_state on transfer (state, due_on);

-- The last number given out in each year.
create table transfer_counter (year bigint primary key, last bigint not null);
