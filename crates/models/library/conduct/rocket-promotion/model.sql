with ordered as (
  select person, unit, rank, from_on, relative_of, lag(rank) over (partition by person order by from_on, rank) as earlier, lag(from_on) over (partition by person order by from_on, rank) as before_on from appointments
)
select person, unit, from_on, case when relative_of is not null then '与本单位' || relative_of || '有亲属关系' else '距上次任职只有' || cast(days(before_on, from_on) as varchar) || '天' end as matter
from ordered where (rank > earlier and days(before_on, from_on) < $days) or relative_of is not null
