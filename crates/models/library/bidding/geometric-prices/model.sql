with one as (
  select tender, bidder, min(bid) as bid from bids where bid is not null and coalesce(valid, true) group by tender, bidder
), gaps as (
  select tender, ln(cast(bid as double)) - ln(cast(lag(bid) over (partition by tender order by bid) as double)) as gap from one
), shape as (
  select tender, count(*) as bidders, avg(gap) as step, greatest(max(gap) - avg(gap), avg(gap) - min(gap)) as most
  from gaps group by tender
)
select tender, bidders, exp(step) - 1 as rate, most / step as deviation from shape
where bidders >= $least and step > 0 and exp(step) - 1 >= $rate and most / step <= $tolerance
