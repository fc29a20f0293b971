-- On site: openings of sealed things, letters with the identities of who wrote them, talks, files, meetings, tasks.

-- Every opening of something sealed by somebody outside its daily circle, with its reason, for the supervisor.
create table opening (
    id uuid primary key, version bigint not null, noun text not null, record_id uuid not null, number text not null,
    part text not null, inspection_id uuid not null references inspection (id), account_id uuid, opened_by text not null,
    reason text not null, opened_at timestamptz not null, until_at timestamptz not null, state text not null,
    seen_by text not null, seen_on date
);
create index opening_opened on opening (opened_at, id);
create index opening_record on opening (record_id, account_id, until_at);
create index opening_state on opening (state, opened_at, id);
create index opening_inspection on opening (inspection_id, opened_at, id);

create table petition (
    id uuid primary key, version bigint not null, number text not null unique,
    inspection_id uuid not null references inspection (id), unit_id uuid not null references inspection_unit (id),
    organisation_id uuid not null references organisation (id), channel text not null, received_on date not null,
    signed text not null, people bigint not null, category text not null, subject_sealed text not null,
    content_sealed text not null, state text not null, decision text, decided_on date, decided_by text not null,
    opinion_sealed text not null, merged_into uuid references petition (id), handler_id uuid, handler text not null,
    passed_to text, recipient_id uuid references organisation (id), recipient text not null, passed_on date,
    receipt_on date, receipt_by text not null, result text, result_on date, result_sealed text not null,
    due_on date, due_basis text not null, registered_by uuid, registrar text not null
);
create index petition_number on petition (number, id);
create index petition_received on petition (received_on, id);
create index petition_due on petition (due_on /*pg nulls first pg*/, id);
create index petition_state on petition (state, number, id);
create index petition_state_due on petition (state, due_on /*pg nulls first pg*/, id);
create index petition_channel on petition (channel, number, id);
create index petition_decision on petition (decision, number, id);
create index petition_category on petition (category, number, id);
create index petition_result on petition (result, number, id);
create index petition_signed on petition (signed, number, id);
create index petition_inspection on petition (inspection_id, number, id);
create index petition_organisation on petition (organisation_id, number, id);
create index petition_merged on petition (merged_into);
create index petition_unit on petition (unit_id, state);

-- The vault: who wrote. Nothing else in the database points here.
create table informant (
    id uuid primary key, version bigint not null, petition_id uuid not null references petition (id),
    inspection_id uuid not null references inspection (id), name_sealed text not null, work_sealed text not null,
    address_sealed text not null, phone_sealed text not null, document_sealed text not null, note_sealed text not null,
    entered_on date not null, entered_by uuid, state text not null
);
create index informant_entered on informant (entered_on, id);
create index informant_inspection on informant (inspection_id, entered_on, id);
create index informant_petition on informant (petition_id);

-- Letters that must go up unread: a register of the handing over without any content.
create table upward_letter (
    id uuid primary key, version bigint not null, number text not null unique,
    inspection_id uuid references inspection (id), about text not null, channel text not null, received_on date not null,
    sheets bigint not null, receiver text not null, handed_on date, receipt_on date, state text not null, entered_by uuid
);
create index upward_letter_received on upward_letter (received_on, id);
create index upward_letter_entered on upward_letter (entered_by);

-- Whom a team must and may talk to.
create table talk_plan (
    id uuid primary key, version bigint not null, inspection_id uuid not null references inspection (id),
    unit_id uuid not null references inspection_unit (id), organisation_id uuid not null references organisation (id),
    person text not null, post text not null, kind text not null, need text not null, planned_on date, state text not null,
    reason text not null, talks bigint not null
);
create index talk_plan_planned on talk_plan (planned_on /*pg nulls first pg*/, id);
create index talk_plan_state on talk_plan (state, planned_on /*pg nulls first pg*/, id);
create index talk_plan_need on talk_plan (need, planned_on /*pg nulls first pg*/, id);
create index talk_plan_inspection on talk_plan (inspection_id, state, need);
create index talk_plan_unit on talk_plan (unit_id, state, need);
create index talk_plan_organisation on talk_plan (organisation_id, planned_on /*pg nulls first pg*/, id);

create table talk (
    id uuid primary key, version bigint not null, number text not null unique,
    inspection_id uuid not null references inspection (id), unit_id uuid not null references inspection_unit (id),
    organisation_id uuid not null references organisation (id), plan_id uuid references talk_plan (id),
    person text not null, post text not null, kind text not null, talked_on date not null, begins text not null,
    ends text not null, place text not null, officers text not null, officer_count bigint not null,
    outline text not null, record_sealed text not null, supplement_sealed text not null, state text not null,
    signature text, signed_on date, recorded_by uuid
);
create index talk_number on talk (number, id);
create index talk_talked on talk (talked_on, id);
create index talk_state on talk (state, number, id);
create index talk_kind on talk (kind, number, id);
create index talk_inspection on talk (inspection_id, number, id);
create index talk_organisation on talk (organisation_id, number, id);
create index talk_unit on talk (unit_id, state);
create index talk_plan_talk on talk (plan_id);

-- The points of a talk by class; those about the top leader are gathered from here.
create table talk_point (
    id uuid primary key, version bigint not null, talk_id uuid not null references talk (id),
    inspection_id uuid not null references inspection (id), organisation_id uuid not null references organisation (id),
    talked_on date not null, position bigint not null, class text not null, top_leader boolean not null, text_sealed text not null
);
create index talk_point_talk on talk_point (talk_id);
create index talk_point_talked on talk_point (talked_on, id);
create index talk_point_class on talk_point (class, talked_on, id);
create index talk_point_leader on talk_point (top_leader, talked_on, id);
create index talk_point_inspection on talk_point (inspection_id, talked_on, id);
create index talk_point_organisation on talk_point (organisation_id, talked_on, id);
