with own as (select tender, bidder, max(case when winner then 1 else 0 end) as won from bids group by tender, bidder),
losers as (select bidder, count(*) as tenders from own group by bidder having sum(won) = 0 and count(*) >= $tenders),
lost as (
  select l.bidder, l.tenders, w.bidder as winner_name, count(*) as lost
  from losers l join own o on o.bidder = l.bidder join own w on w.tender = o.tender and w.won = 1
  group by l.bidder, l.tenders, w.bidder
)
select bidder, winner_name, tenders, lost, cast(lost as double) / tenders as share from lost
where cast(lost as double) / tenders >= $share
