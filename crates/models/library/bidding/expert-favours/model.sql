with outcome as (select tender, bidder, max(case when winner then 1 else 0 end) as won from scores group by tender, bidder),
panel as (select distinct tender, expert from scores),
total as (select bidder, count(*) as tenders, sum(won) as won from outcome group by bidder),
met as (
  select p.expert, o.bidder, count(*) as met, sum(o.won) as won
  from panel p join outcome o on o.tender = p.tender group by p.expert, o.bidder
)
select m.expert, m.bidder, m.met, m.won, cast(m.won as double) / m.met as rate,
  case when t.tenders > m.met then cast(t.won - m.won as double) / (t.tenders - m.met) else 0.0 end as otherwise
from met m join total t on t.bidder = m.bidder
where m.met >= $met and t.tenders > m.met and cast(m.won as double) / m.met >= $rate
  and cast(m.won as double) / m.met - cast(t.won - m.won as double) / (t.tenders - m.met) >= $gap
