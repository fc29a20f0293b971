with own as (select contract, max(amount) as amount, max(coalesce(contractor, '（未填）')) as contractor, max(accepted_on) as accepted_on from contracts group by contract)
select o.contract, o.contractor, o.amount, max(p.paid_on) as last_paid_on, sum(p.paid) as paid_before, o.accepted_on
from own o join payments p on p.contract = o.contract and (o.accepted_on is null or p.paid_on < o.accepted_on)
group by o.contract, o.contractor, o.amount, o.accepted_on
having cast(sum(p.paid) as double) / o.amount >= $share
