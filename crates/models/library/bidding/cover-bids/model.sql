with one as (
  select tender, bidder, min(bid) as bid from bids where bid is not null and coalesce(valid, true) group by tender, bidder
), ranked as (
  select tender, bid, row_number() over (partition by tender order by bid) as place from one
), shape as (
  select tender, count(*) as bidders, min(bid) as lowest, min(case when place = 2 then bid end) as second,
    stddev(case when place >= 2 then cast(bid as double) end) as spread
  from ranked group by tender
)
select tender, bidders, lowest, second, cast(second - lowest as double) / spread as distance from shape
where bidders >= $least and spread > 0 and cast(second - lowest as double) / spread >= $distance
