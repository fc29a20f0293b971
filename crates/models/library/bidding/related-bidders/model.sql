with own as (select distinct tender, bidder from bids),
ties as (
  select company, person, max(coalesce(role, '关系人')) as role from parties
  where person is not null and (share is null or share >= $share) group by company, person
)
select a.tender, a.bidder as one, b.bidder as other, x.person, x.role || '—' || y.role as roles
from own a join own b on a.tender = b.tender and a.bidder < b.bidder
join ties x on x.company = a.bidder join ties y on y.company = b.bidder and y.person = x.person
