with one as (
  select tender_no, bidder_no, min(bid) as bid from bids_numbered where bid is not null and coalesce(valid, true) group by tender_no, bidder_no
), ranked as (
  select tender_no, bid, row_number() over (partition by tender_no order by bid) as place from one
), shape as (
  select tender_no, count(*) as bidders, min(bid) as lowest, min(case when place = 2 then bid end) as second,
    stddev(case when place >= 2 then cast(bid as double) end) as spread
  from ranked group by tender_no
)
select t.tender, s.bidders, s.lowest, s.second, cast(s.second - s.lowest as double) / s.spread as distance
from shape s join bids_tender t on t.tender_no = s.tender_no
where s.bidders >= $least and s.spread > 0 and cast(s.second - s.lowest as double) / s.spread >= $distance
