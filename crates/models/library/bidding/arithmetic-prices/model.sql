with one as (
  select tender_no, bidder_no, min(bid) as bid from bids_numbered where bid is not null and coalesce(valid, true) group by tender_no, bidder_no
), likely as (
  -- Equal steps put the mean in the middle of the lowest and the highest, within the number of bidders times the
  -- tolerance of a step; few tenders are like that, and the others need not be sorted.
  select tender_no from one group by tender_no
  having count(*) >= $least and abs(avg(cast(bid as double)) - (cast(min(bid) as double) + max(bid)) / 2)
    <= (count(*) * $tolerance + 0.000001) * (max(bid) - min(bid)) / (count(*) - 1) + 0.000001
), gaps as (
  select o.tender_no, o.bid - lag(o.bid) over (partition by o.tender_no order by o.bid) as gap
  from one o join likely l on l.tender_no = o.tender_no
), shape as (
  select tender_no, count(*) as bidders, avg(cast(gap as double)) as step,
    greatest(max(cast(gap as double)) - avg(cast(gap as double)), avg(cast(gap as double)) - min(cast(gap as double))) as most
  from gaps group by tender_no
)
select t.tender, s.bidders, s.step, s.most / s.step as deviation from shape s join bids_tender t on t.tender_no = s.tender_no
where s.bidders >= $least and s.step > 0 and s.most / s.step <= $tolerance
