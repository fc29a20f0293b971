with one as (
  select tender_no, bidder_no, min(bid) as bid from bids_numbered where bid is not null and coalesce(valid, true) group by tender_no, bidder_no
), gaps as (
  select tender_no, ln(cast(bid as double)) - ln(cast(lag(bid) over (partition by tender_no order by bid) as double)) as gap from one
), shape as (
  select tender_no, count(*) as bidders, avg(gap) as step, greatest(max(gap) - avg(gap), avg(gap) - min(gap)) as most
  from gaps group by tender_no
)
select t.tender, s.bidders, exp(s.step) - 1 as rate, s.most / s.step as deviation from shape s join bids_tender t on t.tender_no = s.tender_no
where s.bidders >= $least and s.step > 0 and exp(s.step) - 1 >= $rate and s.most / s.step <= $tolerance
