-- Checks of what was said to be rectified, doubts about it, and the index by which a file used twice is found.

-- A drawing of closed items: the list is fixed with its digest before somebody else names the number.
create table recheck (
    id uuid primary key, version bigint not null, number text not null unique, title text not null,
    closed_from date not null, closed_to date not null, draws bigint not null, state text not null, list text not null,
    list_digest text not null, nonce text not null, witness text not null, seed text not null, picked text not null,
    listed_by uuid, listed_on date not null, drawn_by uuid, drawn_on date, note text not null
);
create index recheck_number on recheck (number, id);

-- `inspection_id` is the looking-back inspection, or the problem's own when it was drawn.
create table verification (
    id uuid primary key, version bigint not null, way text not null, recheck_id uuid references recheck (id),
    inspection_id uuid not null references inspection (id), problem_id uuid not null references problem (id),
    organisation_id uuid not null references organisation (id), state text not null, made_on date not null,
    checked_on date, checked_by uuid, checker_name text not null, text text not null, reopened_on date
);
create unique index verification_once on verification (problem_id, inspection_id, recheck_id);
create index verification_inspection on verification (inspection_id, state);
create index verification_recheck on verification (recheck_id);
create index verification_made on verification (made_on, id);

create table rect_doubt (
    id uuid primary key, version bigint not null, kind text not null, mark text not null unique,
    inspection_id uuid references inspection (id), organisation_id uuid not null references organisation (id),
    problem_id uuid references problem (id), subject text not null, reason text not null, detail text not null,
    found_on date not null, state text not null, decided_on date, decided_by uuid, decider_name text not null,
    decision text not null
);
create index rect_doubt_found on rect_doubt (found_on, id);
create index rect_doubt_organisation on rect_doubt (organisation_id, state);
create index rect_doubt_problem on rect_doubt (problem_id);

-- What a file is known by: its digest, 64 signs of a picture (0: none), the sketch of a text (empty: none).
create table file_print (
    attachment_id uuid primary key references attachment (id), record_id uuid not null, problem_id uuid,
    organisation_id uuid not null, digest text not null, picture bigint not null, sketch text not null
);
create index file_print_digest on file_print (digest);
-- Places that near pictures and like texts share.
create table file_band (band bigint not null, attachment_id uuid not null references file_print (attachment_id),
    primary key (band, attachment_id));

alter table asset add column place text not null default '';
create index asset_place on asset (place, code);
