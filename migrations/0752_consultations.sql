-- Consultations of office and team (会商), and the points raised in them.

create table consultation (
    id uuid primary key, version bigint not null, number text not null, kind text not null,
    term_id uuid not null references term (id), inspection_id uuid not null references inspection (id),
    unit_id uuid not null references inspection_unit (id), organisation_id uuid not null references organisation (id),
    title text not null, agenda text not null, planned_on date not null, held_on date, place text not null,
    attendance text not null, record text not null, state text not null, convened_by uuid, convened_name text not null,
    created_at timestamptz not null
);
create unique index consultation_number_once on consultation (number);
create index consultation_number on consultation (number, id);
create index consultation_planned on consultation (planned_on, id);
create index consultation_held on consultation (held_on /*pg nulls first pg*/, id);
create index consultation_inspection on consultation (inspection_id, number, id);
create index consultation_organisation on consultation (organisation_id, number, id);
create index consultation_state on consultation (state, number, id);

create table consultation_point (
    id uuid primary key, version bigint not null, consultation_id uuid not null references consultation (id),
    inspection_id uuid not null references inspection (id), ordinal bigint not null, text text not null, raised_by text not null,
    raised_on date not null, owner_name text not null, due_on date not null, state text not null, answer text not null,
    answered_on date, answered_by uuid, added_noun text not null, added_id uuid, opinion text not null,
    unique (consultation_id, ordinal)
);
create index consultation_point_raised on consultation_point (raised_on, id);
create index consultation_point_due on consultation_point (due_on, id);
create index consultation_point_consultation on consultation_point (consultation_id, ordinal, id);
create index consultation_point_inspection on consultation_point (inspection_id, state, due_on, id);
create index consultation_point_state on consultation_point (state, due_on, id);
