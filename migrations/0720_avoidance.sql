-- Avoidance: who must not have to do with which organisation, and what members of teams declare about themselves.
-- The columns that name organisation and inspection are called otherwise than elsewhere on purpose: a person barred from
-- them still reads what he declared himself.

create table avoidance (
    id uuid primary key, version bigint not null, account_id uuid not null references account (id),
    from_organisation_id uuid not null references organisation (id), declaration_id uuid, ground text not null,
    facts text not null, source text not null, state text not null, raised_by uuid, raised_on date not null,
    decided_by uuid, decided_on date, opinion text not null
);
create index avoidance_account on avoidance (account_id, state);
create index avoidance_organisation on avoidance (from_organisation_id, state);
create index avoidance_raised on avoidance (raised_on, id);

create table declaration (
    id uuid primary key, version bigint not null, account_id uuid not null references account (id),
    for_inspection_id uuid not null references inspection (id), state text not null, requested_by uuid,
    requested_on date not null, signed_at timestamptz, statement text not null, checked text not null,
    note text not null
);
create index declaration_account on declaration (account_id, state);
create index declaration_inspection on declaration (for_inspection_id, account_id);
create index declaration_requested on declaration (requested_on, id);
