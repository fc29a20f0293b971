-- Schemes of evaluation as data, evaluations and polls; publicity; accountability in aggregate.

create table eval_scheme (
    id uuid primary key, version bigint not null, code text not null unique, name text not null, basis text not null,
    points_tenths bigint not null, state text not null, note text not null
);
create index eval_scheme_name on eval_scheme (name, id);
create table eval_item (
    id uuid primary key, scheme_id uuid not null references eval_scheme (id), position bigint not null, aspect text not null,
    label text not null, kind text not null, points_tenths bigint, note text not null
);
create index eval_item_scheme on eval_item (scheme_id, position);
create table eval_grade (
    id uuid primary key, scheme_id uuid not null references eval_scheme (id), position bigint not null, label text not null,
    least_tenths bigint, consequence text not null, look_back boolean not null
);
create index eval_grade_scheme on eval_grade (scheme_id, position);

create table rect_evaluation (
    id uuid primary key, version bigint not null, number text not null unique,
    unit_id uuid not null references inspection_unit (id), inspection_id uuid not null references inspection (id),
    organisation_id uuid not null references organisation (id), scheme_id uuid not null references eval_scheme (id),
    evaluated_on date not null, state text not null, total_tenths bigint, grade text not null, look_back boolean not null,
    opinion text not null, prepared_by uuid, confirmed_by uuid, confirmed_on date
);
create index rect_evaluation_number on rect_evaluation (number, id);
create index rect_evaluation_organisation on rect_evaluation (organisation_id, evaluated_on);
create table rect_score (
    id uuid primary key, evaluation_id uuid not null references rect_evaluation (id),
    item_id uuid not null references eval_item (id), tenths bigint not null, reason text not null
);
create index rect_score_evaluation on rect_score (evaluation_id);

create table satisfaction_poll (
    id uuid primary key, version bigint not null, unit_id uuid not null references inspection_unit (id),
    inspection_id uuid not null references inspection (id), organisation_id uuid not null references organisation (id),
    audience text not null, way text not null, on_day date not null, issued bigint not null, returned bigint not null,
    very bigint not null, mostly bigint not null, hardly bigint not null, unsure bigint not null, note text not null
);
create index satisfaction_poll_day on satisfaction_poll (on_day, id);
create index satisfaction_poll_unit on satisfaction_poll (unit_id);

create table publicity (
    id uuid primary key, version bigint not null, number text not null unique,
    unit_id uuid not null references inspection_unit (id), inspection_id uuid not null references inspection (id),
    organisation_id uuid not null references organisation (id), inner_text text not null, inner_scope text not null,
    inner_on date, outer_text text not null, outer_where text not null, outer_on date, outer_until date,
    contact text not null, exclusions text not null, state text not null, due_on date, due_basis text not null,
    submitted_by uuid, submitted_on date, reviewed_by uuid, reviewed_on date, opinion text not null, comments text not null
);
create index publicity_number on publicity (number, id);
create index publicity_organisation on publicity (organisation_id, state);
create index publicity_due on publicity (due_on /*pg nulls first pg*/, id);

create table accountability (
    id uuid primary key, version bigint not null, unit_id uuid not null references inspection_unit (id),
    inspection_id uuid not null references inspection (id), organisation_id uuid not null references organisation (id),
    on_day date not null, talks bigint not null, criticised bigint not null, admonished bigint not null,
    organised bigint not null, party bigint not null, administrative bigint not null, filed bigint not null,
    judicial bigint not null, recovered_fen bigint not null, source text not null, unique (unit_id, on_day)
);
create index accountability_day on accountability (on_day, id);
