with own as (
  select tender, bidder, item, max(unit_price) as unit_price from prices
  where unit_price is not null and not coalesce(fixed, false) group by tender, bidder, item
), pairs as (
  select a.tender, a.bidder as one, b.bidder as other, count(*) as items,
    stddev(a.unit_price / b.unit_price) / avg(a.unit_price / b.unit_price) as spread,
    avg(a.unit_price / b.unit_price) as factor,
    regr_r2(a.unit_price, b.unit_price) as fit,
    max(abs(a.unit_price - b.unit_price)) as difference
  from own a join own b on a.tender = b.tender and a.item = b.item and a.bidder < b.bidder
  group by a.tender, a.bidder, b.bidder
)
select tender, one, other, items, spread, factor, fit from pairs
where items >= $items and difference > 0 and (spread <= $spread or fit >= $fit)
