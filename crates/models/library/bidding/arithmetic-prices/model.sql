with one as (
  select tender, bidder, min(bid) as bid from bids where bid is not null and coalesce(valid, true) group by tender, bidder
), gaps as (
  select tender, bid - lag(bid) over (partition by tender order by bid) as gap from one
), shape as (
  select tender, count(*) as bidders, avg(cast(gap as double)) as step,
    greatest(max(cast(gap as double)) - avg(cast(gap as double)), avg(cast(gap as double)) - min(cast(gap as double))) as most
  from gaps group by tender
)
select tender, bidders, step, most / step as deviation from shape
where bidders >= $least and step > 0 and most / step <= $tolerance
