-- The authorisation of a team for one round, to the minute, and the drawing of lots.

alter table post add column from_at timestamptz;
alter table post add column to_at timestamptz;

create table authorisation (
    id uuid primary key, version bigint not null, inspection_id uuid not null references inspection (id), number text not null,
    decided_by_body text not null, decided_on date not null, from_at timestamptz not null, to_at timestamptz not null,
    state text not null, note text not null, prepared_by uuid, submitted_on date, approved_by uuid, approved_on date,
    opinion text not null
);
create index authorisation_decided on authorisation (decided_on, id);
create index authorisation_inspection on authorisation (inspection_id);

create table draw (
    id uuid primary key, version bigint not null, inspection_id uuid not null references inspection (id), pool text not null,
    duty text not null, number bigint not null, state text not null, list text not null, list_digest text not null,
    excluded text not null, witness text not null, nonce text not null, seed text not null, picked text not null,
    listed_by uuid, listed_on date not null, drawn_by uuid, drawn_at timestamptz, note text not null
);
create index draw_listed on draw (listed_on, id);
create index draw_inspection on draw (inspection_id);
