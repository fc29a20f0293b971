with lowest as (select tender, min(price) as lowest from candidates group by tender)
select c.tender, coalesce(c.owner, '（未填招标人）') as owner, c.bidder, c.price, l.lowest,
  cast(c.price as double) / l.lowest - 1 as premium, coalesce(c.reason, '（无）') as reason
from candidates c join lowest l on l.tender = c.tender
where c.chosen and cast(c.price as double) / l.lowest - 1 >= $premium and coalesce(length(c.reason), 0) < $words
