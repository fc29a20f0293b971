with one as (
  select tender_no, bidder_no, min(bid) as bid from bids_numbered where bid is not null and coalesce(valid, true) group by tender_no, bidder_no
), likely as (
  -- Equal factors put the mean of the logarithms in the middle of the lowest and the highest, within the number of bidders
  -- times the tolerance of a step; few tenders are like that, and the others need not be sorted.
  select tender_no from one group by tender_no
  having count(*) >= $least and abs(avg(ln(cast(bid as double))) - (ln(cast(min(bid) as double)) + ln(cast(max(bid) as double))) / 2)
    <= (count(*) * $tolerance + 0.000001) * (ln(cast(max(bid) as double)) - ln(cast(min(bid) as double))) / (count(*) - 1) + 0.000001
), gaps as (
  select o.tender_no,
    ln(cast(o.bid as double)) - ln(cast(lag(o.bid) over (partition by o.tender_no order by o.bid) as double)) as gap
  from one o join likely l on l.tender_no = o.tender_no
), shape as (
  select tender_no, count(*) as bidders, avg(gap) as step, greatest(max(gap) - avg(gap), avg(gap) - min(gap)) as most
  from gaps group by tender_no
)
select t.tender, s.bidders, exp(s.step) - 1 as rate, s.most / s.step as deviation from shape s join bids_tender t on t.tender_no = s.tender_no
where s.bidders >= $least and s.step > 0 and exp(s.step) - 1 >= $rate and s.most / s.step <= $tolerance
