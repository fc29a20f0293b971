-- Working drafts with their officers, signatures, sources and evidence.

create table draft (
    id uuid primary key, version bigint not null, number text not null, official_number text, series text, serial bigint,
    term_id uuid not null references term (id), round_id uuid references round (id),
    inspection_id uuid not null references inspection (id), unit_id uuid not null references inspection_unit (id),
    organisation_id uuid not null references organisation (id), title text not null, source text not null,
    learnt text not null, overview text not null, facts text not null, phenomenon text not null,
    qualification text not null, responsibility text not null, bases text not null, bodies text not null,
    amount_fen bigint, people_affected bigint, period_from date, period_to date, fields text not null,
    frameworks text not null, effect text not null, exchange text not null, exchanged_on date, found_on date not null,
    author_id uuid, author_name text not null, next_signer_id uuid, reviewer_id uuid, state text not null,
    opinion text not null, submitted_on date, approved_on date, problem_id uuid references problem (id),
    created_at timestamptz not null
);
create unique index draft_number_once on draft (number);
create unique index draft_official_once on draft (official_number);
create unique index draft_serial_once on draft (series, serial);
create index draft_number on draft (number, id);
create index draft_official on draft (official_number /*pg nulls first pg*/, id);
create index draft_found on draft (found_on, id);
create index draft_approved on draft (approved_on /*pg nulls first pg*/, id);
create index draft_inspection on draft (inspection_id, number, id);
create index draft_unit on draft (unit_id, state);
create index draft_organisation on draft (organisation_id, number, id);
create index draft_state on draft (state, number, id);
create index draft_source_kind on draft (source, number, id);
create index draft_problem on draft (problem_id, number, id);
-- Work that waits for one person.
create index draft_author on draft (author_id, state);
create index draft_next_signer on draft (next_signer_id, state);

create table draft_officer (
    draft_id uuid not null references draft (id), position bigint not null, place_id uuid, account_id uuid not null,
    name text not null, primary key (draft_id, account_id)
);

-- A signature stays for ever; a return only ends its force.
create table draft_signature (
    id uuid primary key, draft_id uuid not null references draft (id), step text not null, account_id uuid not null,
    name text not null, signed_at timestamptz not null, digest text not null, opinion text not null, holds boolean not null
);
create index draft_signature_draft on draft_signature (draft_id, signed_at);

create table draft_source (
    id uuid primary key, version bigint not null, draft_id uuid not null references draft (id),
    inspection_id uuid not null references inspection (id), source_noun text not null, source_label text not null,
    source_id uuid not null, excerpt text not null, linked_on date not null, linked_by text not null,
    unique (draft_id, source_id)
);
create index draft_source_linked on draft_source (linked_on, id);
create index draft_source_draft on draft_source (draft_id, linked_on, id);
create index draft_source_source on draft_source (source_id, linked_on, id);

create table evidence (
    id uuid primary key, version bigint not null, draft_id uuid not null references draft (id),
    inspection_id uuid not null references inspection (id), ordinal bigint not null, title text not null, kind text not null,
    method text not null, obtained_on date not null, obtained_by text not null, provider text not null,
    form text not null, pages bigint, note text not null, holder text not null, state text not null,
    created_at timestamptz not null, unique (draft_id, ordinal)
);
create index evidence_draft on evidence (draft_id, ordinal, id);
create index evidence_obtained on evidence (obtained_on, id);
create index evidence_inspection on evidence (inspection_id, obtained_on, id);
create index evidence_kind on evidence (kind, obtained_on, id);
create index evidence_state on evidence (state, obtained_on, id);

create table evidence_movement (
    id uuid primary key, evidence_id uuid not null references evidence (id), kind text not null, moved_on date not null,
    giver text not null, taker text not null, note text not null, entered_by text not null, entered_at timestamptz not null
);
create index evidence_movement_item on evidence_movement (evidence_id, entered_at);

-- Whether a problem came out of signed drafts or was entered without any, as old ledgers are.
alter table problem add column origin text not null default 'direct';
create index problem_origin on problem (origin, number, id);
