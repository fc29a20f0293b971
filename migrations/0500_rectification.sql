-- Plans, measures, progress, campaigns, state assets, rules built.

create table rect_plan (
    id uuid primary key, version bigint not null, number text not null,
    inspection_id uuid not null references inspection (id), unit_id uuid not null references inspection_unit (id),
    organisation_id uuid not null references organisation (id), first_responsible text not null, text text not null,
    state text not null, due_on date, due_basis text not null, submitted_on date, submitted_by uuid, reviewed_on date,
    reviewed_by uuid, opinion text not null
);
create unique index rect_plan_unit on rect_plan (unit_id);
create index rect_plan_number on rect_plan (number, id);
create index rect_plan_due on rect_plan (due_on /*pg nulls first pg*/, id);
create index rect_plan_organisation on rect_plan (organisation_id, state);

create table measure (
    id uuid primary key, version bigint not null, number text not null, problem_id uuid not null references problem (id),
    plan_id uuid references rect_plan (id), inspection_id uuid not null references inspection (id),
    organisation_id uuid not null references organisation (id), text text not null, goal text not null,
    owner_name text not null, leader_name text not null, department text not null, cooperating text not null,
    term_kind text not null, due_on date, due_basis text not null, state text not null, progress text not null,
    started_on date, submitted_on date, submitted_by uuid, reviewed_by uuid, closed_on date, opinion text not null
);
create index measure_number on measure (number, id);
create unique index measure_problem on measure (problem_id, number);
create index measure_organisation on measure (organisation_id, state, due_on);
create index measure_inspection on measure (inspection_id, state, due_on);
create index measure_state on measure (state, due_on, id);
-- For figures, which are read off this alone.
create index measure_counted on measure (term_kind, closed_on, due_on, started_on, inspection_id);
create index measure_due on measure (due_on /*pg nulls first pg*/, id);

create table measure_progress (
    id uuid primary key, measure_id uuid not null references measure (id), on_day date not null, text text not null,
    percent bigint, account_id uuid, by_name text not null, at timestamptz not null
);
create index measure_progress_measure on measure_progress (measure_id, on_day);

create table campaign (
    id uuid primary key, version bigint not null, number text not null unique, name text not null, aim text not null,
    inspection_id uuid references inspection (id), kind text not null, starts_on date not null, ends_on date,
    target_closed bigint, target_area_cm2 bigint, state text not null, summary text not null
);
create index campaign_number on campaign (number, id);
create index campaign_starts on campaign (starts_on, id);
create table campaign_problem (
    id uuid primary key, campaign_id uuid not null references campaign (id),
    problem_id uuid not null references problem (id), unique (campaign_id, problem_id)
);
create index campaign_problem_problem on campaign_problem (problem_id);

create table asset (
    id uuid primary key, version bigint not null, code text not null unique, name text not null,
    organisation_id uuid not null references organisation (id), inspection_id uuid references inspection (id),
    address text not null, kind text not null, area_cm2 bigint not null, found_on date not null, idle_since date,
    note text not null
);
create index asset_organisation on asset (organisation_id, code);
create index asset_found on asset (found_on, id);
create index asset_inspection on asset (inspection_id, code);

-- The found stock changes only by a dated correction.
create table asset_correction (
    id uuid primary key, asset_id uuid not null references asset (id), on_day date not null, area_cm2 bigint not null,
    reason text not null, by_name text not null, at timestamptz not null
);
create index asset_correction_asset on asset_correction (asset_id, on_day);

-- An entry made in error is never changed but taken back by a dated entry of the opposite sign.
create table asset_movement (
    id uuid primary key, version bigint not null, asset_id uuid not null references asset (id),
    organisation_id uuid not null references organisation (id), inspection_id uuid references inspection (id),
    campaign_id uuid references campaign (id), reverses_id uuid unique references asset_movement (id),
    on_day date not null, measure text not null, area_cm2 bigint not null, income_fen bigint not null,
    reporter text not null, document text not null, note text not null
);
create index asset_movement_day on asset_movement (on_day, id);
create index asset_movement_asset on asset_movement (asset_id, on_day);
create index asset_movement_organisation on asset_movement (organisation_id, on_day);

create table rule_built (
    id uuid primary key, version bigint not null, title text not null, number text not null,
    organisation_id uuid not null references organisation (id), inspection_id uuid references inspection (id),
    kind text not null, issued_on date not null, ended_on date, topic text not null, audit_linked boolean not null,
    text text not null
);
create index rule_built_issued on rule_built (issued_on, id);
create index rule_built_topic on rule_built (topic, issued_on);
create index rule_built_organisation on rule_built (organisation_id, issued_on);
create table rule_problem (
    id uuid primary key, rule_id uuid not null references rule_built (id),
    problem_id uuid not null references problem (id), unique (rule_id, problem_id)
);
create index rule_problem_problem on rule_problem (problem_id);
