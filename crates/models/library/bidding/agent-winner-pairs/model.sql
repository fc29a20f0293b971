with wins as (select tender_no, max(agent) as agent, min(bidder) as winner_name from bids_numbered where winner group by tender_no),
agents as (select agent, count(*) as tenders from wins where agent is not null group by agent),
general as (select winner_name, count(*) as won from wins group by winner_name),
size as (select cast(count(*) as double) as n from wins)
select a.agent, w.winner_name, a.tenders, count(*) as won, cast(count(*) as double) / a.tenders as share, max(g.won) / max(s.n) as general
from wins w join agents a on a.agent = w.agent join general g on g.winner_name = w.winner_name cross join size s
group by a.agent, w.winner_name, a.tenders
having count(*) >= $won and cast(count(*) as double) / a.tenders >= $share
  and cast(count(*) as double) / a.tenders >= $times * max(g.won) / max(s.n)
