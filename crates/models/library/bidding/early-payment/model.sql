with own as (
  select contract, max(amount) as amount, max(coalesce(final_amount, amount)) as due, max(accepted_on) as accepted_on
  from contracts group by contract
), sums as (
  select o.contract, o.amount, o.due, o.accepted_on, sum(p.paid) as paid_all,
    sum(case when o.accepted_on is null or p.paid_on <= o.accepted_on then p.paid else 0 end) as paid_before
  from own o join payments p on p.contract = o.contract group by o.contract, o.amount, o.due, o.accepted_on
)
select contract, amount, case when paid_all > due then '验收后' else '验收前' end as accepted,
  case when paid_all > due then paid_all else paid_before end as paid_total,
  cast(case when paid_all > due then paid_all else paid_before end as double) / amount as share
from sums where paid_all > due or cast(paid_before as double) / amount > $share
