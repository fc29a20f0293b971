create table search_entry (id bigint primary key, noun text not null, record_id uuid not null, body tsvector not null);
create unique index search_entry_record on search_entry (record_id);
create index search_entry_body on search_entry using gin (body);
