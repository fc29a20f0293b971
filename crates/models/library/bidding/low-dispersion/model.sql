with one as (
  select tender, bidder, min(bid) as bid from bids where bid is not null and coalesce(valid, true) group by tender, bidder
), shape as (
  select tender, count(*) as bidders, stddev(cast(bid as double)) / avg(cast(bid as double)) as spread,
    min(bid) as lowest, max(bid) as highest
  from one group by tender
)
select * from shape where bidders >= $least and spread <= $spread
