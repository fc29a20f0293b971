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

-- What is asked of the organisation.
create table file_request (
    id uuid primary key, version bigint not null, number text not null unique,
    inspection_id uuid not null references inspection (id), unit_id uuid not null references inspection_unit (id),
    organisation_id uuid not null references organisation (id), title text not null, state text not null,
    made_on date not null, made_by text not null, issued_on date, due_on date, due_basis text not null, again text not null
);
create index file_request_number on file_request (number, id);
create index file_request_due on file_request (due_on /*pg nulls first pg*/, id);
create index file_request_state on file_request (state, number, id);
create index file_request_inspection on file_request (inspection_id, number, id);
create index file_request_organisation on file_request (organisation_id, number, id);

create table file_request_item (
    id uuid primary key, version bigint not null, request_id uuid not null references file_request (id),
    inspection_id uuid not null references inspection (id), organisation_id uuid not null references organisation (id),
    position bigint not null, name text not null, name_key text not null, period text not null, form text not null,
    issued_on date, due_on date, state text not null, provided_on date, provided_by text not null, pages bigint,
    note text not null, accepted_on date, accepted_by text not null, return_reason text not null, given_back_on date,
    given_back_to text not null
);
create index file_request_item_request on file_request_item (request_id, position);
create index file_request_item_asked on file_request_item (organisation_id, issued_on, name_key);
create index file_request_item_due on file_request_item (due_on /*pg nulls first pg*/, id);
create index file_request_item_state on file_request_item (state, due_on /*pg nulls first pg*/, id);
create index file_request_item_inspection on file_request_item (inspection_id, due_on /*pg nulls first pg*/, id);
create index file_request_item_organisation on file_request_item (organisation_id, due_on /*pg nulls first pg*/, id);

create table contact (
    id uuid primary key, version bigint not null, inspection_id uuid not null references inspection (id),
    unit_id uuid not null references inspection_unit (id), organisation_id uuid not null references organisation (id),
    name text not null, post text not null, phone text not null, part text not null, entered_on date not null,
    state text not null
);
create index contact_entered on contact (entered_on, id);
create index contact_inspection on contact (inspection_id, entered_on, id);
create index contact_organisation on contact (organisation_id, entered_on, id);

create table announcement (
    id uuid primary key, version bigint not null, inspection_id uuid not null references inspection (id),
    edition bigint not null, title text not null, text text not null, from_on date not null, to_on date not null,
    phone text not null, address text not null, mailbox text not null, letter_box text not null, state text not null,
    issued_on date, issued_where text not null, reason text not null, prepared_by text not null, made_on date not null
);
create index announcement_made on announcement (made_on, id);
create index announcement_inspection on announcement (inspection_id, edition);
create index announcement_state on announcement (state, made_on, id);

create table assembly (
    id uuid primary key, version bigint not null, inspection_id uuid not null references inspection (id),
    unit_id uuid not null references inspection_unit (id), organisation_id uuid not null references organisation (id),
    kind text not null, held_on date not null, place text not null, chair text not null, attendance bigint not null,
    summary text not null, given bigint not null, returned bigint not null, valid bigint not null,
    report_chars bigint not null, problem_chars bigint not null, state text not null
);
create index assembly_held on assembly (held_on, id);
create index assembly_kind on assembly (kind, held_on, id);
create index assembly_inspection on assembly (inspection_id, held_on, id);
create index assembly_organisation on assembly (organisation_id, held_on, id);
create table assembly_vote (
    assembly_id uuid not null references assembly (id), position bigint not null, subject text not null,
    good bigint not null, fair bigint not null, average bigint not null, poor bigint not null,
    primary key (assembly_id, position)
);

create table visit (
    id uuid primary key, version bigint not null, number text not null unique,
    inspection_id uuid not null references inspection (id), unit_id uuid not null references inspection_unit (id),
    organisation_id uuid not null references organisation (id), kind text not null, visited_on date not null,
    place text not null, officers text not null, officer_count bigint not null, people_met bigint not null,
    findings text not null, state text not null
);
create index visit_number on visit (number, id);
create index visit_visited on visit (visited_on, id);
create index visit_kind on visit (kind, number, id);
create index visit_state on visit (state, number, id);
create index visit_inspection on visit (inspection_id, number, id);
create index visit_organisation on visit (organisation_id, number, id);

create table team_meeting (
    id uuid primary key, version bigint not null, number text not null unique,
    inspection_id uuid not null references inspection (id), kind text not null, held_on date not null, place text not null,
    chair text not null, expected bigint not null, present bigint not null, attendees text not null, agenda text not null,
    minutes text not null, state text not null
);
create index team_meeting_number on team_meeting (number, id);
create index team_meeting_held on team_meeting (held_on, id);
create index team_meeting_kind on team_meeting (kind, number, id);
create index team_meeting_state on team_meeting (state, number, id);
create index team_meeting_inspection on team_meeting (inspection_id, number, id);

create table task (
    id uuid primary key, version bigint not null, inspection_id uuid not null references inspection (id), title text not null,
    detail text not null, origin text not null, source_noun text not null, source_id uuid, assignee_id uuid,
    assignee text not null, due_on date, state text not null, result text not null, done_on date, made_by text not null,
    made_on date not null
);
create index task_due on task (due_on /*pg nulls first pg*/, id);
create index task_state on task (state, due_on /*pg nulls first pg*/, id);
create index task_inspection on task (inspection_id, due_on /*pg nulls first pg*/, id);
create index task_board on task (inspection_id, state, due_on, id);
create index task_assignee on task (assignee_id, state, due_on /*pg nulls first pg*/, id);
create index task_source on task (source_id);

create table questionnaire (
    id uuid primary key, version bigint not null, inspection_id uuid not null references inspection (id),
    unit_id uuid not null references inspection_unit (id), organisation_id uuid not null references organisation (id),
    title text not null, intro text not null, state text not null, made_on date not null, opened_on date, closed_on date
);
create index questionnaire_made on questionnaire (made_on, id);
create index questionnaire_state on questionnaire (state, made_on, id);
create index questionnaire_inspection on questionnaire (inspection_id, made_on, id);
create index questionnaire_organisation on questionnaire (organisation_id, made_on, id);
create table questionnaire_question (
    questionnaire_id uuid not null references questionnaire (id), position bigint not null, text text not null,
    kind text not null, options text not null, primary key (questionnaire_id, position)
);
-- Answers are counters and nothing else: no row, time, order or code of an answer is kept.
create table questionnaire_tally (
    questionnaire_id uuid not null references questionnaire (id), position bigint not null, choice bigint not null,
    online bigint not null, paper bigint not null, primary key (questionnaire_id, position, choice)
);
create table questionnaire_sheets (
    questionnaire_id uuid primary key references questionnaire (id), codes bigint not null, online bigint not null,
    paper bigint not null
);
create table questionnaire_remark (
    id uuid primary key, questionnaire_id uuid not null references questionnaire (id), position bigint not null,
    text text not null
);
create index questionnaire_remark_of on questionnaire_remark (questionnaire_id, position, id);
-- Digests of codes that were not used yet.
create table questionnaire_code (
    digest text primary key, questionnaire_id uuid not null references questionnaire (id)
);
create index questionnaire_code_of on questionnaire_code (questionnaire_id);
