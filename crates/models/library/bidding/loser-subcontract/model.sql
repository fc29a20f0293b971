with own as (
  select contract, tender, contractor, subcontractor, max(amount) as amount, sum(coalesce(subcontract_amount, 0)) as subcontract_amount
  from contracts where subcontractor is not null and company_key(subcontractor) <> company_key(contractor)
  group by contract, tender, contractor, subcontractor
), losers as (select distinct tender, company_key(bidder) as bidder from bids)
select o.contract, o.subcontractor, o.contractor, o.subcontract_amount, cast(o.subcontract_amount as double) / o.amount as share,
  case when l.bidder is not null then '同标段落选投标人' else '大部分转出' end as tie
from own o left join losers l on l.tender = o.tender and l.bidder = company_key(o.subcontractor)
where l.bidder is not null or cast(o.subcontract_amount as double) / o.amount >= $share
