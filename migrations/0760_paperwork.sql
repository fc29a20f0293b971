-- Templates of official documents, documents made from records, their dispatch, and the files that left.

create table document_template (
    id uuid primary key, version bigint not null, code text not null, label text not null, noun text not null, form text not null,
    issuer text not null, series text not null, title text not null, addressees text not null, copies text not null,
    body text not null, signatory text not null, grade text not null, drafted_by text not null, approved_by text not null,
    audience text not null, edition bigint not null, state text not null
);
create unique index document_template_code on document_template (code, id);
create index document_template_noun on document_template (noun, state);

create table document_template_edition (
    template_id uuid not null references document_template (id), edition bigint not null, title text not null, body text not null,
    at timestamptz not null, by_name text not null, primary key (template_id, edition)
);

create table document (
    id uuid primary key, version bigint not null, number text not null, template_id uuid not null references document_template (id),
    edition bigint not null, code text not null, noun text not null, record_id uuid not null, record_label text not null,
    inspection_id uuid, organisation_id uuid, form text not null, issuer text not null, title text not null,
    addressees text not null, copies text not null, body text not null, signatory text not null, grade text not null,
    urgency text not null, data text not null, series text not null, document_number text not null,
    drafter_id uuid, drafter_name text not null, drafted_on date not null, signed_by text not null, signed_on date,
    dispatched_on date, opinion text not null, state text not null
);
create index document_by_number on document (number, id);
create index document_record on document (record_id, id);
create index document_document_number on document (document_number, id);
create index document_drafted on document (drafted_on, id);
create index document_state on document (state, id);
create index document_inspection on document (inspection_id, id);

create table document_dispatch (
    id uuid primary key, version bigint not null, document_id uuid not null references document (id),
    organisation_id uuid not null references organisation (id), title text not null, document_number text not null,
    sent_on date not null, received_on date, receiver text not null, state text not null
);
create unique index document_dispatch_once on document_dispatch (document_id, organisation_id);
create index document_dispatch_sent on document_dispatch (sent_on, id);
create index document_dispatch_organisation on document_dispatch (organisation_id, id);

create table file_export (
    id uuid primary key, version bigint not null, number text not null, at timestamptz not null, account_id uuid,
    person text not null, organisation text not null, noun text not null, record_id uuid, label text not null,
    file_name text not null, digest text not null
);
create unique index file_export_number on file_export (number, id);
create index file_export_at on file_export (at, id);
