with one as (
  select tender_no, bidder_no, min(bid) as bid from bids_numbered where bid is not null and coalesce(valid, true) group by tender_no, bidder_no
), gaps as (
  select tender_no, bid - lag(bid) over (partition by tender_no order by bid) as gap from one
), shape as (
  select tender_no, count(*) as bidders, avg(cast(gap as double)) as step,
    greatest(max(cast(gap as double)) - avg(cast(gap as double)), avg(cast(gap as double)) - min(cast(gap as double))) as most
  from gaps group by tender_no
)
select t.tender, s.bidders, s.step, s.most / s.step as deviation from shape s join bids_tender t on t.tender_no = s.tender_no
where s.bidders >= $least and s.step > 0 and s.most / s.step <= $tolerance
