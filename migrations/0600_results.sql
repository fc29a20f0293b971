-- Suggestions, special reports, common problems, districts, reported values.

create table special_report (
    id uuid primary key, version bigint not null, number text not null unique, title text not null,
    term_id uuid not null references term (id), inspection_id uuid references inspection (id), field text not null,
    text text not null, state text not null, prepared_by uuid, submitted_on date, decided_on date,
    decided_by text not null, decision text not null
);
create index special_report_submitted on special_report (submitted_on /*pg nulls first pg*/, id);

-- Adoption, reply and deadline of a suggestion stand on its transfer.
create table suggestion (
    id uuid primary key, version bigint not null, number text not null unique, text text not null,
    inspection_id uuid references inspection (id), special_report_id uuid references special_report (id),
    field text not null, addressee_id uuid not null references organisation (id),
    organisation_id uuid references organisation (id), state text not null, prepared_by uuid, approved_by uuid,
    approved_on date, transfer_id uuid references transfer (id), issued_on date, verified_on date,
    verification text not null
);
create index suggestion_number on suggestion (number, id);
create index suggestion_issued on suggestion (issued_on, inspection_id);
create index suggestion_addressee on suggestion (addressee_id, state);
create index suggestion_special_report on suggestion (special_report_id);

create table handover (
    id uuid primary key, version bigint not null, number text not null unique, title text not null,
    field text not null, recipient_id uuid not null references organisation (id), note text not null,
    state text not null, prepared_by uuid, approved_by uuid, approved_on date,
    transfer_id uuid references transfer (id), handed_on date
);
create index handover_number on handover (number, id);
create index handover_recipient on handover (recipient_id, state);
-- Recipient and day are repeated from the hand-over, so that what a recipient sees needs this table only.
create table common_problem (
    id uuid primary key, version bigint not null, handover_id uuid not null references handover (id),
    position bigint not null, problem_id uuid unique references problem (id), text text not null,
    field text not null, recipient_id uuid not null references organisation (id), handed_on date
);
create index common_problem_handover on common_problem (handover_id, position);
create index common_problem_handed on common_problem (handed_on);
create index common_problem_recipient on common_problem (recipient_id, handed_on);

-- The ledger of the use of results: what has been handed over or submitted, with what came of it. Leads and
-- suspect projects are not in it.
create view result_use as
select s.id as id, s.version as version, 'suggestion' as kind, s.number as number, s.text as title,
    s.inspection_id as inspection_id, cast(null as uuid) as term_id, s.organisation_id as organisation_id,
    s.addressee_id as recipient_id, s.issued_on as handed_on, cast(1 as bigint) as items, s.transfer_id as transfer_id,
    case when s.verified_on is not null then 'verified' else coalesce(tr.state, 'sent') end as state
from suggestion s left join transfer tr on tr.id = s.transfer_id
where s.issued_on is not null
union all
select r.id, r.version, 'special_report', r.number, r.title,
    r.inspection_id, r.term_id, cast(null as uuid),
    cast(null as uuid), r.submitted_on,
    (select count(*) from suggestion s where s.special_report_id = r.id and s.issued_on is not null), cast(null as uuid),
    case when r.decided_on is not null then 'decided' else 'submitted' end
from special_report r
where r.submitted_on is not null
union all
select h.id, h.version, 'common_problem', h.number, h.title,
    cast(null as uuid), cast(null as uuid), cast(null as uuid),
    h.recipient_id, h.handed_on,
    (select count(*) from common_problem c where c.handover_id = h.id), h.transfer_id,
    coalesce(tr.state, 'sent')
from handover h left join transfer tr on tr.id = h.transfer_id
where h.handed_on is not null;

create table district_liaison (
    id uuid primary key, version bigint not null, year bigint not null,
    district_id uuid not null references organisation (id), person_name text not null, position text not null,
    from_on date not null, to_on date, visit_log text not null, note text not null, unique (year, district_id)
);
create table district_deputy (
    id uuid primary key, version bigint not null, year bigint not null,
    district_id uuid not null references organisation (id), person_name text not null, home_unit text not null,
    rank text not null, team text not null, from_on date not null, to_on date, work_log text not null
);
create index district_deputy_year on district_deputy (year, district_id);
create table shadow_training (
    id uuid primary key, version bigint not null, year bigint not null,
    district_id uuid not null references organisation (id), person_name text not null, post_title text not null,
    kind text not null, inspection_id uuid references inspection (id), from_on date not null, to_on date,
    appraisal text not null
);
create index shadow_training_year on shadow_training (year, district_id);
create table district_check (
    id uuid primary key, version bigint not null, number text not null unique, year bigint not null,
    district_id uuid not null references organisation (id), title text not null, with_province boolean not null,
    checked_on date not null, summary text not null, state text not null, fed_back_on date, closed_on date
);
create index district_check_number on district_check (number, id);
create table district_check_problem (
    id uuid primary key, version bigint not null, check_id uuid not null references district_check (id),
    district_id uuid not null references organisation (id), number text not null unique, text text not null,
    category text not null, found_on date not null, fed_back_on date, due_on date not null, state text not null,
    measure text not null, result text not null, submitted_on date, submitted_by uuid, opinion text not null,
    closed_on date
);
create index district_check_problem_number on district_check_problem (number, id);
create index district_check_problem_check on district_check_problem (check_id, number);
create index district_check_problem_found on district_check_problem (found_on, district_id);
create index district_check_problem_district on district_check_problem (district_id, state);
create table report_evaluation (
    id uuid primary key, version bigint not null, number text not null unique, year bigint not null,
    district_id uuid not null references organisation (id), report_title text not null, evaluated_on date not null,
    evaluator text not null, score_tenths bigint not null, grade text not null, comments text not null,
    typical_problems text not null, follow_up text not null, state text not null, published_on date
);
create index report_evaluation_number on report_evaluation (number, id);
create index report_evaluation_year on report_evaluation (year, district_id);

-- `value` counts hundredths of yuan, square centimetres, hundredths of a percent, or pieces, by `unit`.
create table reported_value (
    id uuid primary key, version bigint not null, figure text not null, label text not null, on_day date not null,
    value bigint not null, unit text not null, reporter text not null, document text not null, by_name text not null,
    at timestamptz not null, unique (figure, on_day)
);
create index reported_value_day on reported_value (on_day, id);
