-- Runs of supervision models, and the doubts they raise.

create table model_run (
    id uuid primary key, version bigint not null, number text not null unique,
    inspection_id uuid not null references inspection (id), organisation_id uuid not null references organisation (id),
    model text not null, model_name text not null, model_version bigint not null, domain text not null,
    parameters text not null, data text not null, fingerprint text not null, data_source text not null, purpose text not null,
    ran_on date not null, data_rows bigint not null, hits bigint not null, warnings text not null, state text not null,
    void_reason text not null, recorded_by uuid, recorded_by_name text not null
);
create index model_run_number on model_run (number, id);
create index model_run_ran on model_run (ran_on, id);
create index model_run_inspection on model_run (inspection_id, ran_on);
create index model_run_model on model_run (model, ran_on);
create unique index model_run_once on model_run (inspection_id, organisation_id, fingerprint) where state = 'recorded';

create table doubt (
    id uuid primary key, version bigint not null, number text not null unique,
    inspection_id uuid not null references inspection (id), organisation_id uuid not null references organisation (id),
    run_id uuid not null references model_run (id), model text not null, level text not null, explanation text not null,
    facts text not null, found_on date not null, state text not null,
    assignee_id uuid references account (id), assigned_on date,
    method text not null, finding text not null, evidence text not null, verified_by uuid, verified_on date,
    conclusion text not null, concluded_on date, problem_id uuid references problem (id), lead_id uuid references lead (id),
    project_id uuid references suspect_project (id)
);
create index doubt_number on doubt (number, id);
create index doubt_found on doubt (found_on, id);
create index doubt_inspection on doubt (inspection_id, state);
create index doubt_run on doubt (run_id, number);
create index doubt_model on doubt (model, state);
create index doubt_assignee on doubt (assignee_id, state);
