with own as (
  select tender, bidder, item, max(unit_price) as unit_price from prices
  where unit_price is not null and not coalesce(fixed, false) group by tender, bidder, item
), pairs as (
  select a.tender, a.bidder as one, b.bidder as other, count(*) as items,
    sum(case when a.unit_price = b.unit_price then 1 else 0 end) as equal
  from own a join own b on a.tender = b.tender and a.item = b.item and a.bidder < b.bidder
  group by a.tender, a.bidder, b.bidder
)
select tender, one, other, items, equal, cast(equal as double) / items as share from pairs
where items >= $items and cast(equal as double) / items >= $share
