with own as (select tender, owner, bidder, max(case when chosen then 1 else 0 end) as won from candidates group by tender, owner, bidder),
pairs as (select owner, bidder, count(*) as offered, sum(won) as won from own group by owner, bidder),
owners as (select owner, sum(won) as decided from own group by owner)
select p.owner, p.bidder, p.offered, p.won, cast(p.won as double) / p.offered as rate, cast(p.won as double) / o.decided as share
from pairs p join owners o on o.owner = p.owner
where p.won >= $won and cast(p.won as double) / p.offered >= $rate and cast(p.won as double) / o.decided >= $share
