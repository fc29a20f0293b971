-- Opinions of several parties on plans and close-outs; reports on rectification with the instructions on them; letters of urging.

-- Of a plan, `problem_id` is empty; each handing in of a plan begins a new `turn`.
create table rect_opinion (
    id uuid primary key, version bigint not null, subject text not null, plan_id uuid references rect_plan (id),
    problem_id uuid references problem (id), inspection_id uuid not null references inspection (id),
    organisation_id uuid not null references organisation (id), turn bigint not null, party text not null,
    state text not null, asked_on date not null, due_on date not null, due_basis text not null, given_on date,
    given_by uuid, by_name text not null, document text not null, reasons text not null
);
create index rect_opinion_plan on rect_opinion (plan_id, turn);
create index rect_opinion_problem on rect_opinion (problem_id, turn);
create index rect_opinion_due on rect_opinion (due_on, id);
create index rect_opinion_organisation on rect_opinion (organisation_id, state);

create table rect_report (
    id uuid primary key, version bigint not null, number text not null unique, kind text not null,
    plan_id uuid references rect_plan (id), unit_id uuid not null references inspection_unit (id),
    inspection_id uuid not null references inspection (id), organisation_id uuid not null references organisation (id),
    month date, text text not null, held_on date, state text not null, due_on date not null, due_basis text not null,
    submitted_on date, submitted_by uuid, reviewed_on date, reviewed_by uuid, opinion text not null,
    leader_name text not null, told_on date, told_how text not null
);
create unique index rect_report_once on rect_report (unit_id, kind, month);
create index rect_report_number on rect_report (number, id);
create index rect_report_due on rect_report (due_on, id);
create index rect_report_organisation on rect_report (organisation_id, state);

create table rect_instruction (
    id uuid primary key, version bigint not null, report_id uuid not null references rect_report (id),
    inspection_id uuid not null references inspection (id), organisation_id uuid not null references organisation (id),
    leader_name text not null, given_on date not null, text text not null, task text not null, state text not null,
    due_on date not null, due_basis text not null, answer text not null, answered_on date, answered_by uuid,
    opinion text not null, closed_on date
);
create index rect_instruction_report on rect_instruction (report_id);
create index rect_instruction_due on rect_instruction (due_on, id);
create index rect_instruction_given on rect_instruction (given_on, id);

-- `items` is what was overdue on the day of the letter, one to a line.
create table rect_urging (
    id uuid primary key, version bigint not null, number text not null unique, kind text not null,
    unit_id uuid not null references inspection_unit (id), inspection_id uuid not null references inspection (id),
    organisation_id uuid not null references organisation (id), items text not null, demand text not null,
    state text not null, due_on date not null, due_basis text not null, prepared_by uuid, sent_on date, answer text not null,
    answered_on date, answered_by uuid, opinion text not null, closed_on date
);
create index rect_urging_number on rect_urging (number, id);
create index rect_urging_due on rect_urging (due_on, id);
create index rect_urging_organisation on rect_urging (organisation_id, state);
