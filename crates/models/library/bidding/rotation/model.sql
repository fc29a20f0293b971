with own as (
  select tender, bidder, max(case when winner then 1 else 0 end) as won, max(opened_on) as opened_on
  from bids where bidder is not null group by tender, bidder
), fields as (
  select tender, string_agg(bidder, '、' order by bidder) as members, count(*) as size, max(opened_on) as opened_on,
    max(case when won = 1 then bidder end) as winner_name
  from own group by tender having count(*) between 3 and 12 and sum(won) = 1
), ordered as (
  select members, size, winner_name, lag(winner_name) over (partition by members order by opened_on, tender) as previous from fields
), groups as (
  select members, max(size) as size, count(*) as tenders, sum(case when winner_name = previous then 1 else 0 end) as repeats
  from ordered group by members having count(*) >= $tenders
), shares as (
  select f.members, f.winner_name, cast(count(*) as double) / max(g.tenders) as share
  from fields f join groups g on g.members = f.members group by f.members, f.winner_name
), spread as (
  select members, -sum(share * ln(share)) as entropy from shares group by members
)
select g.members, g.tenders, g.repeats, s.entropy / ln(cast(g.size as double)) as evenness
from groups g join spread s on s.members = g.members
where s.entropy / ln(cast(g.size as double)) >= $evenness and cast(g.repeats as double) / (g.tenders - 1) <= $repeats
