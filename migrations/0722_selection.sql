-- Joint selection: what a team needs, who is nominated for it by either side, and the letters that call them.

create table team_need (
    id uuid primary key, version bigint not null, inspection_id uuid not null references inspection (id), pool text not null,
    duty text not null, speciality text not null, number bigint not null, from_on date not null, to_on date not null,
    state text not null, note text not null, prepared_by uuid, sent_on date, settled_on date
);
create index team_need_from on team_need (from_on, id);
create index team_need_inspection on team_need (inspection_id);

create table nomination (
    id uuid primary key, version bigint not null, need_id uuid not null references team_need (id),
    inspection_id uuid not null references inspection (id), talent_id uuid not null references talent (id),
    side text not null, state text not null, score bigint not null, reasons text not null, opinion text not null,
    nominated_by uuid, nominated_on date not null, answered_by uuid, answered_on date, unique (need_id, talent_id)
);
create index nomination_nominated on nomination (nominated_on, id);
create index nomination_talent on nomination (talent_id);
create index nomination_inspection on nomination (inspection_id);

create table secondment (
    id uuid primary key, version bigint not null, nomination_id uuid not null unique references nomination (id),
    inspection_id uuid not null references inspection (id), talent_id uuid not null references talent (id),
    addressee_id uuid references organisation (id), number text not null, duty text not null, from_on date not null,
    to_on date not null, state text not null, prepared_by uuid, prepared_on date not null, sent_on date,
    answer text not null, answered_on date, grade text, appraisal text not null, appraised_by uuid, appraised_on date
);
create index secondment_prepared on secondment (prepared_on, id);
create index secondment_talent on secondment (talent_id);
create index secondment_inspection on secondment (inspection_id);
create index secondment_addressee on secondment (addressee_id, state);
