with firsts as (select tender, min(price) as first_price from candidates where rank = 1 group by tender)
select c.tender, coalesce(c.owner, '（未填招标人）') as owner, c.bidder, c.rank, c.price, coalesce(c.reason, '（无）') as reason, f.first_price
from candidates c left join firsts f on f.tender = c.tender
where c.chosen and c.rank > 1 and coalesce(length(c.reason), 0) < $words
