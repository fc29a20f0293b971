-- Duties of organisations, the rules by which points of focus follow from them, and the checklists of teams.

create table duty (
    id uuid primary key, version bigint not null, organisation_id uuid not null references organisation (id),
    position bigint not null, text text not null, core boolean not null, basis text not null, state text not null,
    valid_from date not null, valid_to date
);
create index duty_organisation on duty (organisation_id, position, id);
create index duty_position on duty (position, id);

-- An empty keyword applies to every duty, no kind to every organisation.
create table focus_rule (
    id uuid primary key, version bigint not null, keyword text not null, organisation_kind text, text text not null,
    basis text not null, framework_2 text not null, state text not null, valid_from date not null, valid_to date
);
create index focus_rule_from on focus_rule (valid_from, id);

create table focus_list (
    id uuid primary key, version bigint not null, inspection_id uuid not null references inspection (id),
    unit_id uuid not null unique references inspection_unit (id),
    organisation_id uuid not null references organisation (id), state text not null, drawn_on date not null,
    confirmed_on date, concluded_on date
);
create index focus_list_drawn on focus_list (drawn_on, id);
create index focus_list_inspection on focus_list (inspection_id, drawn_on, id);
create index focus_list_organisation on focus_list (organisation_id, drawn_on, id);

create table focus_item (
    id uuid primary key, version bigint not null, list_id uuid not null references focus_list (id),
    inspection_id uuid not null references inspection (id), unit_id uuid not null references inspection_unit (id),
    organisation_id uuid not null references organisation (id), position bigint not null, text text not null,
    basis text not null, framework_2 text not null, rule_id uuid references focus_rule (id),
    duty_id uuid references duty (id), state text not null, settled_on date, settled_by text not null,
    target_noun text not null, target_id uuid, reference text not null, note text not null
);
create index focus_item_list on focus_item (list_id, position, id);
create index focus_item_position on focus_item (position, id);
create index focus_item_inspection on focus_item (inspection_id, state, position, id);
create index focus_item_organisation on focus_item (organisation_id, position, id);
create index focus_item_state on focus_item (state, position, id);
