-- What other bodies tell before an inspection: letters, requests with their items, pieces brought in.

create table briefing_letter (
    id uuid primary key, version bigint not null, round_id uuid not null references round (id), edition bigint not null,
    title text not null, text text not null, state text not null, issued_on date, unique (round_id, edition)
);
create index briefing_letter_issued on briefing_letter (issued_on /*pg nulls first pg*/, id);

create table briefing (
    id uuid primary key, version bigint not null, number text not null unique,
    letter_id uuid not null references briefing_letter (id), inspection_id uuid not null references inspection (id),
    unit_id uuid not null references inspection_unit (id), organisation_id uuid not null references organisation (id),
    department_id uuid not null references organisation (id), state text not null, sent_on date not null,
    due_on date not null, due_basis text not null, statement text not null, submitted_on date, submitted_by uuid,
    received_on date, received_by text not null, return_reason text not null, urged_on date, urges bigint not null,
    concluded_on date
);
create index briefing_number on briefing (number, id);
create index briefing_due on briefing (due_on, id);
create index briefing_sent on briefing (sent_on, id);
create index briefing_state on briefing (state, due_on, id);
create index briefing_department on briefing (department_id, state, due_on, id);
create index briefing_inspection on briefing (inspection_id, state, due_on, id);
create index briefing_unit on briefing (unit_id, department_id);
create index briefing_organisation on briefing (organisation_id, number, id);

-- `summary` is empty when the item is sealed; `summary_sealed` is empty otherwise.
create table briefing_item (
    id uuid primary key, version bigint not null, number text not null unique,
    briefing_id uuid not null references briefing (id), inspection_id uuid not null references inspection (id),
    unit_id uuid not null references inspection_unit (id), organisation_id uuid not null references organisation (id),
    department_id uuid not null references organisation (id), kind text not null, secrecy text not null,
    summary text not null, summary_sealed text not null, document text not null, arose_on date, handed_on date,
    state text not null, outcome text, outcome_on date, remark_sealed text not null, reference text not null
);
create index briefing_item_number on briefing_item (number, id);
create index briefing_item_briefing on briefing_item (briefing_id, number);
create index briefing_item_inspection on briefing_item (inspection_id, state, number, id);
create index briefing_item_department on briefing_item (department_id, number, id);
create index briefing_item_organisation on briefing_item (organisation_id, number, id);
create index briefing_item_kind on briefing_item (kind, number, id);
create index briefing_item_state on briefing_item (state, number, id);

create table brought_piece (
    id uuid primary key, version bigint not null, number text not null unique,
    inspection_id uuid not null references inspection (id), unit_id uuid not null references inspection_unit (id),
    organisation_id uuid not null references organisation (id), giver_id uuid not null references organisation (id),
    kind text not null, subject_sealed text not null, content_sealed text not null, request_sealed text not null,
    findings_sealed text not null, reply_sealed text not null, state text not null, given_on date not null,
    given_by uuid, due_on date not null, due_basis text not null, received_on date, member_id uuid references account (id),
    verified_on date, outcome text, reported_on date, reported_outcome text
);
create index brought_piece_given on brought_piece (given_on, id);
create index brought_piece_due on brought_piece (due_on, id);
create index brought_piece_inspection on brought_piece (inspection_id, state, due_on, id);
create index brought_piece_giver on brought_piece (giver_id, given_on, id);
create index brought_piece_number on brought_piece (number, id);
create index brought_piece_state on brought_piece (state, due_on, id);
