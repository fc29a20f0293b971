with own as (
  select tender_no, bidder_no, max(case when winner then 1 else 0 end) as won from bids_numbered group by tender_no, bidder_no
), losers as (
  select bidder_no, count(*) as tenders from own group by bidder_no having sum(won) = 0 and count(*) >= $tenders
), winners as (select distinct tender_no, bidder_no from bids_numbered where winner),
lost as (
  select l.bidder_no, l.tenders, w.bidder_no as winner_no, count(*) as lost
  from losers l join own o on o.bidder_no = l.bidder_no join winners w on w.tender_no = o.tender_no
  group by l.bidder_no, l.tenders, w.bidder_no
)
select b.bidder, w.bidder as winner_name, l.tenders, l.lost, cast(l.lost as double) / l.tenders as share
from lost l join bids_bidder b on b.bidder_no = l.bidder_no join bids_bidder w on w.bidder_no = l.winner_no
where cast(l.lost as double) / l.tenders >= $share
