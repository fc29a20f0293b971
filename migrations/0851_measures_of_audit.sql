-- The audit bureau reads the measures of the problems found together with it; a scope uses columns of its own table only.

alter table measure add column audit_linked boolean not null default false;
update measure set audit_linked = true where problem_id in (select id from problem where audit_linked);
create index measure_audit on measure (audit_linked, number, id);
