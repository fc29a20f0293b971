-- Terms, coverage, topics, plans, rounds, batches, inspections and their stages.

-- The last number given out in each series and year; a row is locked while a number is taken.
create table term (
    id uuid primary key, version bigint not null, number bigint not null unique, name text not null,
    committee text not null, starts_on date not null, ends_on date
);

create table coverage_list (
    id uuid primary key, version bigint not null, term_id uuid not null references term (id), edition bigint not null,
    state text not null, approved_on date, basis text not null, note text not null, prepared_by uuid,
    submitted_by uuid, submitted_on date, approved_by uuid, opinion text not null default '',
    unique (term_id, edition)
);
create index coverage_list_edition on coverage_list (edition, id);
create table coverage_item (
    id uuid primary key, version bigint not null, list_id uuid not null references coverage_list (id),
    organisation_id uuid not null references organisation (id), planned_year bigint, exempt_reason text not null,
    unique (list_id, organisation_id)
);
create index coverage_item_year on coverage_item (planned_year, id);
create index coverage_item_organisation on coverage_item (organisation_id);

create table topic (
    id uuid primary key, version bigint not null, term_id uuid not null references term (id), number text not null unique,
    giver text not null, named_on date not null, text text not null, priority text not null, state text not null,
    result text not null, reported_on date
);
create index topic_named on topic (named_on, id);

create table year_plan (
    id uuid primary key, version bigint not null, term_id uuid not null references term (id), year bigint not null,
    title text not null, text text not null, state text not null, prepared_by uuid, approved_on date,
    submitted_by uuid, submitted_on date, approved_by uuid, opinion text not null default '',
    unique (term_id, year)
);
create index year_plan_year on year_plan (year, id);

create table round (
    id uuid primary key, version bigint not null, term_id uuid not null references term (id), year bigint not null,
    number bigint not null, name text not null, starts_on date not null, ends_on date, state text not null,
    unique (term_id, number)
);
create index round_starts on round (starts_on, id);

create table batch (
    id uuid primary key, version bigint not null, round_id uuid not null references round (id), number bigint not null,
    name text not null, starts_on date not null, ends_on date, state text not null, unique (round_id, number)
);
create index batch_starts on batch (starts_on, id);

create table inspection (
    id uuid primary key, version bigint not null, number text not null unique, name text not null,
    term_id uuid not null references term (id), round_id uuid references round (id), batch_id uuid references batch (id),
    kind text not null, modes text not null, field text not null, topic_id uuid references topic (id),
    parent_id uuid references inspection (id), level text not null, district_id uuid references organisation (id),
    team text not null, year bigint not null, starts_on date not null, ends_on date, announced_on date,
    announced_where text not null default '', state text not null
);
create index inspection_number on inspection (number, id);
create index inspection_starts on inspection (starts_on, id);
create index inspection_batch on inspection (batch_id);
create index inspection_round on inspection (round_id);
create index inspection_topic on inspection (topic_id);
create index inspection_parent on inspection (parent_id);

create table inspection_link (
    id uuid primary key, inspection_id uuid not null references inspection (id),
    other_id uuid not null references inspection (id), kind text not null, unique (inspection_id, other_id, kind)
);
create index inspection_link_other on inspection_link (other_id);

-- `kind` and `district_id` repeat the inspection's, so that a unit can be counted and shown by itself.
create table inspection_unit (
    id uuid primary key, version bigint not null, inspection_id uuid not null references inspection (id),
    organisation_id uuid not null references organisation (id), kind text not null, state text not null,
    planned_on date not null, authorised_on date, notified_on date, entered_on date, left_on date, reported_on date,
    heard_on date, decided_on date, fed_back_on date, rectifying_on date, evaluated_on date, closed_on date,
    looked_back_on date, district_id uuid references organisation (id), due_on date,
    due_basis text not null default '', unique (inspection_id, organisation_id)
);
create index inspection_unit_organisation on inspection_unit (organisation_id, kind);
create index inspection_unit_planned on inspection_unit (planned_on, id);
create index inspection_unit_due on inspection_unit (due_on, id);

create table onsite_interval (
    id uuid primary key, unit_id uuid not null references inspection_unit (id), from_on date not null, to_on date
);
create index onsite_interval_unit on onsite_interval (unit_id, from_on);
