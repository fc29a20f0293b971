with own as (
  select tender_no, bidder_no, max(case when winner then 1 else 0 end) as won, max(opened_on) as opened_on
  from bids_numbered where tender_no is not null and bidder_no is not null group by tender_no, bidder_no
), fields as (
  select tender_no, count(*) as size, max(opened_on) as opened_on, max(case when won = 1 then bidder_no end) as winner_no,
    min(bidder_no) as lowest, max(bidder_no) as highest, sum(bidder_no) as total, sum(bidder_no * bidder_no) as squares
  from own group by tender_no having count(*) between 3 and 12 and sum(won) = 1
), often as (
  -- The same firms give the same sums: names are put together only where sums come again, and names decide.
  select size, lowest, highest, total, squares from fields
  group by size, lowest, highest, total, squares having count(*) >= $tenders
), likely as (
  select f.tender_no, f.size, f.opened_on, f.winner_no from fields f join often o on f.size = o.size
    and f.lowest = o.lowest and f.highest = o.highest and f.total = o.total and f.squares = o.squares
), met as (
  select distinct b.tender_no, b.tender, b.bidder from bids_numbered b join likely l on l.tender_no = b.tender_no where b.bidder_no is not null
), named as (
  select tender_no, tender, string_agg(bidder, '、' order by bidder) as members from met group by tender_no, tender
), ordered as (
  select n.members, l.size, l.winner_no, lag(l.winner_no) over (partition by n.members order by l.opened_on, n.tender) as previous
  from likely l join named n on n.tender_no = l.tender_no
), groups as (
  select members, max(size) as size, count(*) as tenders, sum(case when winner_no = previous then 1 else 0 end) as repeats
  from ordered group by members having count(*) >= $tenders
), shares as (
  select f.members, f.winner_no, cast(count(*) as double) / max(g.tenders) as share
  from ordered f join groups g on g.members = f.members group by f.members, f.winner_no
), spread as (
  select members, -sum(share * ln(share)) as entropy from shares group by members
)
select g.members, g.tenders, g.repeats, s.entropy / ln(cast(g.size as double)) as evenness
from groups g join spread s on s.members = g.members
where s.entropy / ln(cast(g.size as double)) >= $evenness and cast(g.repeats as double) / (g.tenders - 1) <= $repeats
