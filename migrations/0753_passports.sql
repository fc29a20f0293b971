-- Early transfers go through three hands; what is handed over is frozen, signed and confirmed.

alter table lead add column risk text;
alter table lead add column unit_may_know boolean not null default false;
alter table lead add column sealed_envelope boolean not null default false;
alter table lead add column signed_by uuid;
alter table lead add column reviewed_by uuid;

create table lead_passport (
    id uuid primary key, version bigint not null, transfer_id uuid not null references transfer (id),
    lead_id uuid not null references lead (id), inspection_id uuid not null references inspection (id),
    recipient_id uuid not null references organisation (id), subject text not null, content_sealed text not null,
    files bigint not null, digest text not null, issued_at text not null, issued_on date not null, public_key text not null,
    signature text not null, state text not null, receipt_by text not null, receipt_at text not null,
    receipt_digest text not null, receipt_signature text not null, acknowledged_on date
);
create unique index lead_passport_transfer on lead_passport (transfer_id);
create index lead_passport_issued on lead_passport (issued_on, id);
create index lead_passport_lead on lead_passport (lead_id, issued_on, id);
create index lead_passport_recipient on lead_passport (recipient_id, state);
create index lead_passport_inspection on lead_passport (inspection_id, issued_on, id);
