create table search_entry (id bigint primary key, noun text not null, record_id uuid not null);
create unique index search_entry_record on search_entry (record_id);
create virtual table search_text using fts5 (body, content = '', contentless_delete = 1, tokenize = 'unicode61');
