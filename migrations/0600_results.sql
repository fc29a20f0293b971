-- Suggestions, special reports, common problems, districts, reported values.

create table special_report (
    id uuid primary key, version bigint not null, number text not null, title text not null,
    term_id uuid not null references term (id), inspection_id uuid references inspection (id), field text not null,
    text text not null, state text not null, submitted_on date, decision text not null, decided_on date, prepared_by uuid
);
create index special_report_submitted on special_report (submitted_on /*pg nulls first pg*/, id);

create table suggestion (
    id uuid primary key, version bigint not null, number text not null, text text not null,
    inspection_id uuid references inspection (id), special_report_id uuid references special_report (id),
    field text not null, addressee_id uuid not null references organisation (id), transfer_id uuid references transfer (id),
    state text not null, issued_on date, due_on date, due_basis text not null, adoption text not null,
    reply text not null, replied_on date, done_on date, verified_on date, prepared_by uuid
);
create index suggestion_number on suggestion (number, id);
create index suggestion_issued on suggestion (issued_on, inspection_id);
create index suggestion_addressee on suggestion (addressee_id, state);

create table handover (
    id uuid primary key, version bigint not null, number text not null, title text not null, field text not null,
    recipient_id uuid not null references organisation (id), transfer_id uuid references transfer (id),
    state text not null, handed_on date, due_on date, due_basis text not null, reply text not null, replied_on date
);
create index handover_recipient on handover (recipient_id, state);
create table common_problem (
    id uuid primary key, version bigint not null, handover_id uuid not null references handover (id),
    problem_id uuid references problem (id), text text not null, field text not null, handed_on date
);
create index common_problem_handover on common_problem (handover_id);
create index common_problem_handed on common_problem (handed_on);

create table district_liaison (
    id uuid primary key, version bigint not null, year bigint not null,
    district_id uuid not null references organisation (id), person_name text not null, position text not null,
    from_on date not null, to_on date, note text not null, unique (year, district_id)
);
create table district_deputy (
    id uuid primary key, version bigint not null, year bigint not null,
    district_id uuid not null references organisation (id), person_name text not null, home_unit text not null,
    rank text not null, team text not null, from_on date not null, to_on date, work_log text not null
);
create table shadow_training (
    id uuid primary key, version bigint not null, year bigint not null,
    district_id uuid not null references organisation (id), person_name text not null, post_title text not null,
    kind text not null, inspection_id uuid references inspection (id), from_on date not null, to_on date,
    appraisal text not null
);
create table district_check (
    id uuid primary key, version bigint not null, number text not null, year bigint not null,
    district_id uuid not null references organisation (id), title text not null, with_province boolean not null,
    checked_on date not null, summary text not null, state text not null
);
create table district_check_problem (
    id uuid primary key, version bigint not null, check_id uuid not null references district_check (id),
    district_id uuid not null references organisation (id), number text not null, text text not null,
    category text not null, found_on date not null, state text not null, measure text not null, due_on date,
    closed_on date
);
create index district_check_problem_found on district_check_problem (found_on, district_id);
create table report_evaluation (
    id uuid primary key, version bigint not null, number text not null, year bigint not null,
    district_id uuid not null references organisation (id), report_title text not null, evaluated_on date not null,
    evaluator text not null, score_tenths bigint not null, grade text not null, comments text not null,
    typical_problems text not null, follow_up text not null, state text not null
);

create table reported_value (
    id uuid primary key, version bigint not null, figure text not null, label text not null, on_day date not null,
    value bigint not null, unit text not null, reporter text not null, document text not null, by_name text not null,
    at timestamptz not null
);
create index reported_value_figure on reported_value (figure, on_day);
