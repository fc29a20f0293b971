with own as (
  select contract, tender, contractor, subcontractor, max(amount) as amount, sum(coalesce(subcontract_amount, 0)) as subcontract_amount
  from contracts where subcontractor is not null and company_key(subcontractor) <> company_key(contractor)
  group by contract, tender, contractor, subcontractor
), firms as (select bidder_no, company_key(bidder) as bidder_key from bids_bidder),
losers as (
  select distinct o.tender, f.bidder_key from own o join bids_tender t on t.tender = o.tender
  join firms f on f.bidder_key = company_key(o.subcontractor)
  join bids_numbered b on b.tender_no = t.tender_no and b.bidder_no = f.bidder_no
)
select o.contract, o.subcontractor, o.contractor, o.subcontract_amount, cast(o.subcontract_amount as double) / o.amount as share,
  case when l.bidder_key is not null then '同标段落选投标人' else '大部分转出' end as tie
from own o left join losers l on l.tender = o.tender and l.bidder_key = company_key(o.subcontractor)
where l.bidder_key is not null or cast(o.subcontract_amount as double) / o.amount >= $share
