with claimed as (select household, programme, max(claimed_area) as claimed, sum(amount) as amount from payments where claimed_area is not null group by household, programme),
titled as (select household, sum(area) as titled from lands group by household)
select c.household, c.programme, c.claimed, coalesce(t.titled, 0.0) as titled, c.claimed - coalesce(t.titled, 0.0) as surplus, c.amount
from claimed c left join titled t on t.household = c.household where c.claimed > coalesce(t.titled, 0.0) * (1 + $share)
