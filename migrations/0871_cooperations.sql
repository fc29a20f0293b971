-- Departments that help to put a problem right; every session of a department asks which problems those are.

create table cooperation (
    id uuid primary key, version bigint not null, number text not null unique,
    problem_id uuid not null references problem (id), inspection_id uuid not null references inspection (id),
    organisation_id uuid not null references organisation (id), department_id uuid not null references organisation (id),
    duty text not null, asked_on date not null, due_on date, state text not null, answer text not null, answered_on date,
    answered_by uuid, opinion text not null, ended_on date
);
create index cooperation_number on cooperation (number, id);
create index cooperation_due on cooperation (due_on, id);
create index cooperation_problem on cooperation (problem_id);
create index cooperation_department on cooperation (department_id, state);
create index cooperation_organisation on cooperation (organisation_id, state);
