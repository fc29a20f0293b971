with totals as (
  select tender, expert, bidder, sum(score) as total, coalesce(sum(full_score), 100.0) as full_score,
    max(case when winner = false then 0 else 1 end) as won
  from scores where score is not null group by tender, expert, bidder
), compared as (
  select a.tender, a.expert, a.bidder, a.total, a.full_score, a.won, avg(b.total) as others, stddev(b.total) as spread, count(*) as n
  from totals a join totals b on a.tender = b.tender and a.bidder = b.bidder and a.expert <> b.expert
  group by a.tender, a.expert, a.bidder, a.total, a.full_score, a.won
)
select tender, expert, bidder, total, others, (total - others) / full_score as share,
  (total - others) / greatest(spread, 0.5) as times
from compared
where n >= 3 and won = 1 and (total - others) / full_score >= $share and (total - others) / greatest(spread, 0.5) >= $times
