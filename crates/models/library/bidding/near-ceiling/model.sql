with near as (
  select tender_no, max(case when winner then coalesce(award_amount, bid) end) as award, max(control_price) as ceiling
  from bids_numbered group by tender_no
), own as (
  select n.tender_no, n.award, n.ceiling, count(distinct case when coalesce(b.valid, true) then b.bidder_no end) as bidders
  from near n join bids_numbered b on b.tender_no = n.tender_no
  where n.award <= n.ceiling and cast(n.award as double) / n.ceiling >= $share
  group by n.tender_no, n.award, n.ceiling
)
select t.tender, o.bidders, o.award, o.ceiling, cast(o.award as double) / o.ceiling as level_of_price
from own o join bids_tender t on t.tender_no = o.tender_no where o.bidders <= $bidders
