with one as (
  select tender_no, bidder_no, min(bid) as bid from bids_numbered where bid is not null and coalesce(valid, true) group by tender_no, bidder_no
), shape as (
  select tender_no, count(*) as bidders, stddev(cast(bid as double)) / avg(cast(bid as double)) as spread,
    min(bid) as lowest, max(bid) as highest
  from one group by tender_no
)
select t.tender, s.bidders, s.spread, s.lowest, s.highest from shape s join bids_tender t on t.tender_no = s.tender_no
where s.bidders >= $least and s.spread <= $spread
