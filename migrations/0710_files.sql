-- Files sealed at rest, with what is known of where they came from, and uploads that can be continued.

-- Empty for files of before they were sealed.
alter table attachment add column key_sealed text not null default '';
alter table attachment add column way text not null default 'form';
alter table attachment add column source text not null default '';
alter table attachment add column origin text not null default '';
alter table attachment add column warnings text not null default '';
alter table attachment add column withdrawn_at timestamptz;
alter table attachment add column withdrawn_by text not null default '';
alter table attachment add column withdrawn_why text not null default '';

-- One row for each upload under way; the bytes lie aside under the same identity.
create table file_upload (
    id uuid primary key, account_id uuid not null, name_sealed text not null, mark text not null, size bigint not null,
    key_sealed text not null, at timestamptz not null, digest text not null, warnings text not null
);
create index file_upload_account on file_upload (account_id, at);
