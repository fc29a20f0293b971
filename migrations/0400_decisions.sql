-- Feedback meetings.

create table feedback (
    id uuid primary key, version bigint not null, number text not null,
    inspection_id uuid not null references inspection (id), unit_id uuid not null references inspection_unit (id),
    organisation_id uuid not null references organisation (id), planned_on date, held_on date, place text not null,
    leader_name text not null, leader_attended boolean, statement text not null, state text not null, note text not null,
    due_on date, due_basis text not null
);
create unique index feedback_unit on feedback (unit_id);
create index feedback_held on feedback (held_on /*pg nulls first pg*/, id);
create index feedback_number on feedback (number, id);
create index feedback_due on feedback (due_on /*pg nulls first pg*/, id);
