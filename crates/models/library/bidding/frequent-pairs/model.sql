with own as (select distinct tender_no, bidder_no from bids_numbered where tender_no is not null and bidder_no is not null),
size as (select cast(count(distinct tender_no) as double) as n from bids_numbered where bidder_no is not null),
narrow as (select tender_no from own group by tender_no having count(*) <= 60),
counts as (select bidder_no, cast(count(*) as double) as n from own group by bidder_no),
pairs as (
  select a.bidder_no as one_no, b.bidder_no as other_no, count(*) as joint
  from own a join own b on a.tender_no = b.tender_no and a.bidder_no < b.bidder_no join narrow k on k.tender_no = a.tender_no
  group by a.bidder_no, b.bidder_no having count(*) >= $joint
), named as (
  select p.joint, a.bidder as a, b.bidder as b, x.n as a_n, y.n as b_n
  from pairs p join counts x on x.bidder_no = p.one_no join counts y on y.bidder_no = p.other_no
  join bids_bidder a on a.bidder_no = p.one_no join bids_bidder b on b.bidder_no = p.other_no
), ordered as (
  select joint, least(a, b) as one, greatest(a, b) as other,
    case when a < b then a_n else b_n end as first, case when a < b then b_n else a_n end as second
  from named
), scored as (
  select p.one, p.other, p.joint, p.first, p.second, p.first * p.second / s.n as chance,
    (p.joint - p.first * p.second / s.n)
      / sqrt(p.first * p.second * (s.n - p.first) * (s.n - p.second) / (s.n * s.n * (s.n - 1))) as z
  from ordered p cross join size s where p.first < s.n and p.second < s.n
)
select one, other, joint, cast(first as bigint) as first, cast(second as bigint) as second, chance, z from scored where z >= $z
