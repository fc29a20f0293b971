with own as (select distinct tender_no, bidder_no from bids_numbered where tender_no is not null and bidder_no is not null),
size as (select cast(count(distinct tender_no) as double) as n from bids_numbered where bidder_no is not null),
narrow as (select tender_no from own group by tender_no having count(*) <= 60),
counts as (
  select o.bidder_no, b.bidder, cast(count(*) as double) as n from own o join bids_bidder b on b.bidder_no = o.bidder_no group by o.bidder_no, b.bidder
), pairs as (
  select a.bidder_no as one, b.bidder_no as other, count(*) as joint
  from own a join own b on a.tender_no = b.tender_no and a.bidder_no < b.bidder_no join narrow k on k.tender_no = a.tender_no
  group by a.bidder_no, b.bidder_no having count(*) >= $joint
), both_ways as (
  select one, other, joint from pairs union all select other, one, joint from pairs
), scored as (
  select x.bidder as one, y.bidder as other, p.joint, x.n as first, y.n as second, x.n * y.n / s.n as chance,
    (p.joint - x.n * y.n / s.n) / sqrt(x.n * y.n * (s.n - x.n) * (s.n - y.n) / (s.n * s.n * (s.n - 1))) as z
  from both_ways p join counts x on x.bidder_no = p.one join counts y on y.bidder_no = p.other cross join size s
  where x.bidder < y.bidder and x.n < s.n and y.n < s.n
)
select one, other, joint, cast(first as bigint) as first, cast(second as bigint) as second, chance, z from scored where z >= $z
