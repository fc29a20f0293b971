-- Data sets of inspections, their cleaning, and how their columns stand for the fields of models.

create table data_set (
    id uuid primary key, version bigint not null, number text not null unique, name text not null,
    inspection_id uuid not null references inspection (id), organisation_id uuid not null references organisation (id),
    purpose text not null, provider text not null, system_name text not null, received_on date not null, received_by text not null,
    handover text not null, receipt text not null, retain_until date not null, retain_basis text not null, state text not null,
    part text not null, file_name text not null, file_size bigint not null, file_digest text not null,
    shelf_id uuid not null, original_id uuid, columns_id uuid, data_rows bigint not null, taken bigint not null, ragged bigint not null,
    duplicates bigint not null, column_count bigint not null, digest text not null, columns_sealed text not null,
    report_sealed text not null, profile_sealed text not null, step_count bigint not null, import_note text not null, imported_at timestamptz,
    leave_reason text not null, leave_to text not null, leave_by uuid, leave_by_name text not null, leave_on date, leave_until date,
    leave_opinion text not null, destroy_reason text not null, destroy_way text not null, destroy_by uuid, destroy_by_name text not null,
    destroy_on date, destroyed_on date, destroyed_by_name text not null, recorded_by uuid, recorded_by_name text not null
);
create index data_set_number on data_set (number, id);
create index data_set_received on data_set (received_on, id);
create index data_set_retain on data_set (retain_until, id);
create index data_set_inspection on data_set (inspection_id, state);

create table data_step (
    id uuid primary key, data_set_id uuid not null references data_set (id), position bigint not null, label text not null,
    step_sealed text not null, touched bigint not null, account_id uuid, by_name text not null, at timestamptz not null,
    undone_at timestamptz, undone_by_name text not null
);
create unique index data_step_position on data_step (data_set_id, position);

create table data_recipe (
    id uuid primary key, version bigint not null, name text not null unique, domain text not null, table_name text not null,
    mapping text not null, note text not null, account_id uuid, by_name text not null, made_on date not null
);
create index data_recipe_name on data_recipe (name, id);
create index data_recipe_table on data_recipe (domain, table_name);

alter table model_run add column looked_at bigint;
alter table model_run add column flagged bigint;
alter table model_run add column hits_digest text not null default '';

create table model_run_data (
    run_id uuid not null references model_run (id), data_set_id uuid not null references data_set (id), table_name text not null,
    primary key (run_id, table_name)
);
create index model_run_data_set on model_run_data (data_set_id);
