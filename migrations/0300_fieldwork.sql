-- Problems and their closures, leads, suspect projects.

create table problem (
    id uuid primary key, version bigint not null, number text not null, term_id uuid not null references term (id),
    round_id uuid references round (id), inspection_id uuid not null references inspection (id),
    unit_id uuid not null references inspection_unit (id), organisation_id uuid not null references organisation (id),
    inspection_kind text not null, title text not null, text text not null, feedback_text text not null,
    framework_1 text not null, framework_2 text not null, category_1 text not null, category_2 text not null,
    field text not null, nature text not null, responsibility text not null, discipline text not null,
    eight_rules boolean not null, key_problem boolean not null, audit_linked boolean not null, common boolean not null,
    amount_fen bigint, people_affected bigint, source text not null, draft_number text not null, team text not null,
    found_on date not null, state text not null, fed_back_on date, due_on date, due_basis text not null,
    submitted_by uuid, closed_on date, created_at timestamptz not null
);
create index problem_number on problem (number, id);
create unique index problem_number_once on problem (number);
create index problem_found on problem (found_on, id);
create index problem_due on problem (due_on /*pg nulls first pg*/, id);
create index problem_fed_back on problem (fed_back_on /*pg nulls first pg*/, id);
create index problem_inspection on problem (inspection_id, number, id);
create index problem_unit on problem (unit_id, state);
-- `fed_back_on` at the end answers what a unit or audit may see without touching the rows.
create index problem_organisation on problem (organisation_id, number, id, fed_back_on);
create index problem_state on problem (state, number, id);
create index problem_field on problem (field, number, id);
create index problem_category on problem (category_1, number, id);
-- What a list is narrowed by: counting and ordering then touch no row that is not shown.
create index problem_category_2 on problem (category_2, number, id);
create index problem_framework_1 on problem (framework_1, number, id);
create index problem_framework_2 on problem (framework_2, number, id);
create index problem_nature on problem (nature, number, id);
create index problem_responsibility on problem (responsibility, number, id);
create index problem_discipline on problem (discipline, number, id);
create index problem_key on problem (key_problem, number, id);
create index problem_eight_rules on problem (eight_rules, number, id);
create index problem_common on problem (common, number, id);
create index problem_round on problem (round_id, number, id);
create index problem_term on problem (term_id, fed_back_on, inspection_kind);
create index problem_audit on problem (audit_linked, found_on);
-- For figures, which are read off these alone.
create index problem_found_by on problem (inspection_id, fed_back_on);
create index problem_shares on problem (inspection_kind, team, field, fed_back_on);
create index problem_kinds on problem (organisation_id, category_1, fed_back_on);
create index problem_open on problem (term_id, closed_on, fed_back_on, due_on, id);
create index problem_audit_number on problem (audit_linked, number, id, fed_back_on);
-- Work that waits, the most urgent first.
create index problem_state_due on problem (state, due_on /*pg nulls first pg*/, id);
create index problem_own_due on problem (organisation_id, state, due_on /*pg nulls first pg*/, id);

-- One row for each time a problem was closed; reopened_on ends it. The state as of any day follows.
create table closure (
    id uuid primary key, version bigint not null, problem_id uuid not null references problem (id),
    term_id uuid not null references term (id), organisation_id uuid not null references organisation (id),
    inspection_id uuid not null references inspection (id), closed_on date not null, reopened_on date,
    opinion text not null, reason text not null, reviewer uuid, reviewer_name text not null
);
create index closure_day on closure (closed_on, id);
create index closure_problem on closure (problem_id, closed_on);
create index closure_closed on closure (term_id, closed_on, reopened_on, inspection_id);

-- What was disposed and what came of it stands on the transfer, once.
create table lead (
    id uuid primary key, version bigint not null, number text not null unique,
    inspection_id uuid not null references inspection (id), organisation_id uuid not null references organisation (id),
    problem_id uuid references problem (id), person_sealed text not null, post_sealed text not null,
    content_sealed text not null, urgency_sealed text not null, opinion_sealed text not null, discipline text not null, category text not null,
    source text not null, route text not null, mode text, timing text not null, audit_linked boolean not null,
    accepted_on date not null, state text not null, prepared_by uuid, approved_by uuid, approved_on date,
    transfer_id uuid references transfer (id), recipient_id uuid references organisation (id),
    second_recipient_id uuid references organisation (id), transferred_on date
);
create index lead_number on lead (number, id);
create index lead_accepted on lead (accepted_on, id);
create index lead_transferred on lead (transferred_on /*pg nulls first pg*/, id);
create index lead_inspection on lead (inspection_id, state);
create index lead_recipient on lead (recipient_id, state);

create table suspect_project (
    id uuid primary key, version bigint not null, number text not null unique,
    inspection_id uuid not null references inspection (id), organisation_id uuid not null references organisation (id),
    name text not null, owner_name text not null, bidders text not null, suspicion text not null, evidence text not null,
    amount_fen bigint, found_on date not null, mode text, state text not null, prepared_by uuid,
    approved_by uuid, approved_on date, transfer_id uuid references transfer (id),
    recipient_id uuid references organisation (id), second_recipient_id uuid references organisation (id),
    transferred_on date
);
create index suspect_project_number on suspect_project (number, id);
create index suspect_project_found on suspect_project (found_on, id);
create index suspect_project_transferred on suspect_project (transferred_on /*pg nulls first pg*/, id);
create index suspect_project_inspection on suspect_project (inspection_id, transferred_on);
