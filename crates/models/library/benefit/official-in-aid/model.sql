with aid as (select person, household, programme, sum(amount) as amount, count(*) as payments from payments where coalesce(means_tested, true) group by person, household, programme)
select a.person, a.programme, max(coalesce(o.unit, '')) as unit, max(o.name) as official, max(coalesce(o.post, '干部')) as post,
  case when max(case when o.person = a.person then 1 else 0 end) = 1 then '本人' else '同户家庭成员' end as tie, max(a.payments) as payments, max(a.amount) as amount
from aid a join officials o on o.person = a.person or (o.household is not null and o.household = a.household)
group by a.person, a.programme
