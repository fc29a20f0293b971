with one as (
  select tender_no, bidder_no, min(bid) as bid from bids_numbered where bid is not null and coalesce(valid, true) group by tender_no, bidder_no
), lowest as (
  select tender_no, min(bid) as bid from one group by tender_no having count(*) >= $least
), likely as (
  -- Told without sorting, a little wider than what is looked for: few tenders are like that, and the others need not be sorted.
  select o.tender_no from one o join lowest l on l.tender_no = o.tender_no where o.bid > l.bid
  group by o.tender_no having min(o.bid - l.bid) >= 0.999 * $distance * stddev(cast(o.bid as double))
), ranked as (
  select o.tender_no, o.bid, row_number() over (partition by o.tender_no order by o.bid) as place
  from one o join likely l on l.tender_no = o.tender_no
), shape as (
  select tender_no, count(*) as bidders, min(bid) as lowest, min(case when place = 2 then bid end) as second,
    stddev(case when place >= 2 then cast(bid as double) end) as spread
  from ranked group by tender_no
)
select t.tender, s.bidders, s.lowest, s.second, cast(s.second - s.lowest as double) / s.spread as distance
from shape s join bids_tender t on t.tender_no = s.tender_no
where s.bidders >= $least and s.spread > 0 and cast(s.second - s.lowest as double) / s.spread >= $distance
