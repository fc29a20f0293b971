with own as (select distinct tender_no, bidder_no from bids_numbered where coalesce(valid, true)),
few as (select tender_no from own group by tender_no having count(bidder_no) < $least)
select b.tender, coalesce(max(b.method), '公开招标') as method, string_agg(distinct b.bidder, '、' order by b.bidder) as names,
  count(distinct b.bidder) as bidders
from bids_numbered b join few f on f.tender_no = b.tender_no where coalesce(b.valid, true)
group by b.tender
having coalesce(max(b.method), '公开招标') not like '%单一来源%' and coalesce(max(b.method), '') not like '%直接%'
