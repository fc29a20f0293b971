with own as (select distinct tender, bidder from bids where tender is not null and bidder is not null),
size as (select cast(count(distinct tender) as double) as n from own),
narrow as (select tender from own group by tender having count(*) <= 60),
counts as (select bidder, cast(count(*) as double) as n from own group by bidder),
pairs as (
  select a.bidder as one, b.bidder as other, count(*) as joint
  from own a join own b on a.tender = b.tender and a.bidder < b.bidder join narrow k on k.tender = a.tender
  group by a.bidder, b.bidder having count(*) >= $joint
), scored as (
  select p.one, p.other, p.joint, x.n as first, y.n as second, x.n * y.n / s.n as chance,
    (p.joint - x.n * y.n / s.n) / sqrt(x.n * y.n * (s.n - x.n) * (s.n - y.n) / (s.n * s.n * (s.n - 1))) as z
  from pairs p join counts x on x.bidder = p.one join counts y on y.bidder = p.other cross join size s
  where x.n < s.n and y.n < s.n
)
select one, other, joint, cast(first as bigint) as first, cast(second as bigint) as second, chance, z from scored where z >= $z
