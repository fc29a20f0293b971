with own as (
  select tender, max(reviewed_on) as reviewed_on, max(decided_on) as decided_on, max(standards_changed_on) as standards_changed_on
  from candidates group by tender
)
select *, days(reviewed_on, decided_on) as gap from own
where (standards_changed_on > reviewed_on and standards_changed_on <= decided_on)
  or days(reviewed_on, decided_on) > $most or days(reviewed_on, decided_on) < 0
