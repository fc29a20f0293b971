-- Requests for support, agreements of cooperation with what they oblige to, linkage with audit.

create table support_request (
    id uuid primary key, version bigint not null, number text not null unique,
    inspection_id uuid not null references inspection (id), asker text not null, kind text not null,
    title text not null, text text not null, state text not null, asked_on date not null, asked_by uuid,
    due_on date not null, due_basis text not null, decided_on date, decided_by text not null, decision text not null,
    delivered_on date, delivery text not null, confirmed_on date
);
create index support_request_number on support_request (number, id);
create index support_request_due on support_request (due_on, id);
create index support_request_inspection on support_request (inspection_id, state, due_on, id);
create index support_request_state on support_request (state, due_on, id);

create table agreement (
    id uuid primary key, version bigint not null, title text not null, number text not null,
    party_id uuid not null references organisation (id), second_party_id uuid references organisation (id),
    third_party_id uuid references organisation (id), fourth_party_id uuid references organisation (id),
    text text not null, state text not null, signed_on date not null, ended_on date
);
create index agreement_signed on agreement (signed_on, id);
create index agreement_party on agreement (party_id, signed_on, id);

-- `party_id` is empty for what the inspection office itself has to do.
create table obligation (
    id uuid primary key, version bigint not null, agreement_id uuid not null references agreement (id),
    party_id uuid references organisation (id), text text not null, period text not null, first_due_on date not null,
    state text not null, ended_on date
);
create index obligation_agreement on obligation (agreement_id, first_due_on, id);
create index obligation_first on obligation (first_due_on, id);
create index obligation_party on obligation (party_id, first_due_on, id);

create table obligation_due (
    id uuid primary key, version bigint not null, obligation_id uuid not null references obligation (id),
    agreement_id uuid not null references agreement (id), party_id uuid references organisation (id),
    due_on date not null, state text not null, done_on date, done_by uuid, account text not null, opinion text not null,
    unique (obligation_id, due_on)
);
create index obligation_due_on on obligation_due (due_on, id);
create index obligation_due_party on obligation_due (party_id, state, due_on, id);
create index obligation_due_state on obligation_due (state, due_on, id);
create index obligation_due_agreement on obligation_due (agreement_id, due_on, id);

create table audit_linkage (
    id uuid primary key, version bigint not null, year bigint not null,
    organisation_id uuid not null references organisation (id), audit_body_id uuid not null references organisation (id),
    proposed_by text not null, mode text not null, reason text not null, state text not null, proposed_on date not null,
    decided_on date, decision text not null, unit_id uuid references inspection_unit (id),
    inspection_id uuid references inspection (id), project text not null, joined_people bigint, concluded_on date,
    summary text not null
);
create index audit_linkage_year on audit_linkage (year, id);
create index audit_linkage_body on audit_linkage (audit_body_id, year, id);
create index audit_linkage_inspection on audit_linkage (inspection_id, year, id);
create index audit_linkage_organisation on audit_linkage (organisation_id, year, id);
create index audit_linkage_state on audit_linkage (state, year, id);

create table audit_share (
    id uuid primary key, version bigint not null, linkage_id uuid not null references audit_linkage (id),
    inspection_id uuid references inspection (id), organisation_id uuid not null references organisation (id),
    audit_body_id uuid not null references organisation (id), direction text not null, kind text not null,
    title text not null, document text not null, text text not null, given_on date not null, state text not null,
    received_on date, received_by text not null
);
create index audit_share_given on audit_share (given_on, id);
create index audit_share_linkage on audit_share (linkage_id, given_on, id);
create index audit_share_body on audit_share (audit_body_id, given_on, id);
create index audit_share_inspection on audit_share (inspection_id, state, given_on, id);
create index audit_share_organisation on audit_share (organisation_id, given_on, id);
