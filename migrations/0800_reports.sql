-- Reports («1+3») of inspected units: their text by versions, the chain of reviews they go through, what came back from
-- Word, who receives them. Every text is sealed.

create table report (
    id uuid primary key, version bigint not null, number text not null, kind text not null, restricted boolean not null,
    term_id uuid not null references term (id), inspection_id uuid not null references inspection (id),
    unit_id uuid not null references inspection_unit (id), organisation_id uuid not null references organisation (id),
    title text not null, secrecy text not null, content_sealed text not null, content_version bigint not null,
    length bigint not null, digest text not null, author_id uuid, author_name text not null, state text not null,
    pass bigint not null, step_position bigint not null, step_label text not null, step_by text, step_last boolean not null,
    acted text not null, opinion_sealed text not null, submitted_on date, due_on date, due_basis text not null,
    approved_on date, delivered_on date, to_committee boolean not null, to_discipline boolean not null,
    to_organisation boolean not null, created_at timestamptz not null
);
create unique index report_number_once on report (number);
create index report_number on report (number, id);
create index report_unit on report (unit_id, kind);
create index report_inspection on report (inspection_id, number, id);
create index report_organisation on report (organisation_id, number, id);
create index report_state on report (state, number, id);
create index report_kind on report (kind, number, id);
create index report_due on report (due_on /*pg nulls first pg*/, id);
create index report_step on report (step_by, state);

create table report_version (
    report_id uuid not null references report (id), ordinal bigint not null, at timestamptz not null, account_id uuid,
    author_name text not null, origin text not null, note_sealed text not null, content_sealed text not null,
    length bigint not null, primary key (report_id, ordinal)
);

-- What was decided on a step; returns only end the pass, the lines stay.
create table report_decision (
    id uuid primary key, report_id uuid not null references report (id), pass bigint not null, position bigint not null,
    label text not null, verdict text not null, account_id uuid, name text not null, decided_on date not null,
    opinion_sealed text not null, basis_noun text not null, basis_id uuid, content_version bigint not null,
    digest text not null, at timestamptz not null
);
create index report_decision_report on report_decision (report_id, at);

-- A Word file that came back: the changes in it until somebody has taken them over or left them.
create table report_return (
    id uuid primary key, report_id uuid not null references report (id), base_version bigint not null,
    brought_by text not null, brought_at timestamptz not null, changes_sealed text not null, open boolean not null
);
create index report_return_report on report_return (report_id, open);

-- Who receives which report, how it is marked, for which inspections it is due.
create table report_rule (
    id uuid primary key, version bigint not null, kind text not null, position bigint not null, secrecy text not null,
    required_for text not null, to_committee boolean not null, to_discipline boolean not null,
    to_organisation boolean not null, basis text not null
);
create unique index report_rule_kind_once on report_rule (kind);
create index report_rule_position on report_rule (position, id);

-- The chain of reviews.
create table review_step (
    id uuid primary key, version bigint not null, position bigint not null, restricted boolean not null, label text not null,
    step_by text not null, rests_on text not null, meeting_kinds text not null, complete boolean not null, basis text not null
);
create index review_step_position on review_step (position, id);
create index review_step_restricted on review_step (restricted, position, id);

-- The named contact of the office and the division behind it, for each team.
create table team_contact (
    id uuid primary key, version bigint not null, inspection_id uuid not null references inspection (id),
    account_id uuid not null, name text not null, division text not null, duty text not null, from_on date not null,
    to_on date
);
create index team_contact_from on team_contact (from_on, id);
create index team_contact_inspection on team_contact (inspection_id, from_on, id);
create index team_contact_account on team_contact (account_id, to_on);

create table report_comment (
    id uuid primary key, version bigint not null, report_id uuid not null references report (id), number text not null,
    restricted boolean not null, inspection_id uuid not null references inspection (id),
    organisation_id uuid not null references organisation (id), ordinal bigint not null, sentence bigint not null,
    at_version bigint not null, quote_sealed text not null, text_sealed text not null, suggestion_sealed text not null,
    raised_by uuid, raised_name text not null, raised_on date not null, owner_id uuid, owner_name text not null,
    mentioned text not null, due_on date not null, state text not null, answer_sealed text not null, answered_by uuid,
    answered_on date, changed_version bigint, unique (report_id, ordinal)
);
create index report_comment_number on report_comment (number, id);
create index report_comment_due on report_comment (due_on, id);
create index report_comment_report on report_comment (report_id, state);
create index report_comment_state on report_comment (state, number, id);
create index report_comment_owner on report_comment (owner_id, state);
