-- Fact sheets put to the organisation's side, immediate rectification, the library of typical problems.

create table fact_sheet (
    id uuid primary key, version bigint not null, number text not null, inspection_id uuid not null references inspection (id),
    unit_id uuid not null references inspection_unit (id), organisation_id uuid not null references organisation (id),
    draft_id uuid references draft (id), title text not null, text text not null, state text not null, prepared_by uuid,
    prepared_name text not null, sent_on date, due_on date, due_basis text not null, answered_on date,
    answered_by text not null, on_paper boolean not null, explanation text not null, conclusion text not null,
    created_at timestamptz not null
);
create unique index fact_sheet_number_once on fact_sheet (number);
create index fact_sheet_number on fact_sheet (number, id);
create index fact_sheet_sent on fact_sheet (sent_on /*pg nulls first pg*/, id);
create index fact_sheet_due on fact_sheet (due_on /*pg nulls first pg*/, id);
create index fact_sheet_inspection on fact_sheet (inspection_id, number, id);
create index fact_sheet_organisation on fact_sheet (organisation_id, number, id, sent_on);
create index fact_sheet_state on fact_sheet (state, number, id);
create index fact_sheet_draft on fact_sheet (draft_id, number, id);

create table immediate_action (
    id uuid primary key, version bigint not null, number text not null, kind text not null, term_id uuid not null references term (id),
    inspection_id uuid not null references inspection (id), unit_id uuid not null references inspection_unit (id),
    organisation_id uuid not null references organisation (id), title text not null, situation text not null,
    demand text not null, level text not null, state text not null, prepared_by uuid, prepared_name text not null,
    approved_by uuid, issued_on date, due_on date, due_basis text not null, report text not null, reported_by uuid,
    reported_on date, opinion text not null, result text not null, confirmed_on date, created_at timestamptz not null
);
create unique index immediate_action_number_once on immediate_action (number);
create index immediate_action_number on immediate_action (number, id);
create index immediate_action_issued on immediate_action (issued_on /*pg nulls first pg*/, id);
create index immediate_action_due on immediate_action (due_on /*pg nulls first pg*/, id);
create index immediate_action_inspection on immediate_action (inspection_id, number, id);
create index immediate_action_organisation on immediate_action (organisation_id, number, id, issued_on);
create index immediate_action_state on immediate_action (state, number, id);

create table typical_problem (
    id uuid primary key, version bigint not null, code text not null, title text not null, manifestation text not null,
    category_1 text not null, category_2 text not null, framework_2 text not null, field text not null, bases text not null,
    basis_text text not null, responsibility text not null, evidence text not null, state text not null
);
create unique index typical_problem_code_once on typical_problem (code);
create index typical_problem_code on typical_problem (code, id);
create index typical_problem_category on typical_problem (category_1, code, id);
create index typical_problem_state on typical_problem (state, code, id);
