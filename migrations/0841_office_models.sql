-- Models of the office's own, and samples drawn from data sets.

create table office_model (
    id uuid primary key, version bigint not null, code text not null unique, name text not null, domain text not null, state text not null,
    revision bigint not null, card text not null, query text not null, fixtures text not null, expected text not null,
    checked_digest text not null, check_note text not null, check_passed boolean not null, owner_id uuid, owner_name text not null,
    changed_on date not null
);
create index office_model_code on office_model (code, id);
create index office_model_changed on office_model (changed_on, id);

create table office_model_revision (
    id uuid primary key, office_model_id uuid not null references office_model (id), revision bigint not null, card text not null,
    query text not null, fixtures text not null, expected text not null, digest text not null, adopted_on date not null,
    adopted_by_name text not null, note text not null
);
create unique index office_model_revision_once on office_model_revision (office_model_id, revision);

create table data_sample (
    id uuid primary key, version bigint not null, number text not null unique, data_set_id uuid not null references data_set (id),
    inspection_id uuid not null references inspection (id), organisation_id uuid not null references organisation (id),
    purpose text not null, method text not null, seed bigint not null, size bigint not null, wanted bigint not null, drawn_count bigint not null,
    drawn text not null, population text not null, columns_digest text not null, key_column text not null, stratum_column text not null,
    amount_column text not null, drawn_on date not null, account_id uuid, by_name text not null
);
create index data_sample_number on data_sample (number, id);
create index data_sample_drawn on data_sample (drawn_on, id);
create index data_sample_set on data_sample (data_set_id, number);
