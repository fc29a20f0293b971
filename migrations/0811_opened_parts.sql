-- A reason may open one part of a record only, such as what was said in a talk; and for all sessions of the person.
alter table sealed_opening add column part text not null default '';
create index sealed_opening_account on sealed_opening (account_id, record_id, until_at);
