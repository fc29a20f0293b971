-- From when a due record waits for who has to, by the policy that held when it was listed; those already listed waited 30 days.
alter table obligation_due add column waits_from date not null default '2015-01-01';
update obligation_due set waits_from = due_on - 30;
