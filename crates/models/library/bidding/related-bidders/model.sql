with own as (select distinct tender, bidder from bids),
ties as (
  select company, person, max(coalesce(role, '关系人')) as role from parties
  where person is not null and (share is null or share >= $share) group by company, person
), holders as (
  -- A company that holds another; in a circle both are named once.
  select company, person, role, company_key(person) as holder from ties where company_key(person) <> company_key(company)
), named as (select tender, bidder, company_key(bidder) as bidder_key from own)
select a.tender, a.bidder as one, b.bidder as other, x.person, x.person || '同为' || x.role || '、' || y.role as roles
from own a join own b on a.tender = b.tender and a.bidder < b.bidder
join ties x on x.company = a.bidder join ties y on y.company = b.bidder and y.person = x.person
union
select a.tender, least(a.bidder, b.bidder) as one, greatest(a.bidder, b.bidder) as other, min(b.bidder) as person,
  string_agg(b.bidder || '是' || a.bidder || '的' || h.role, '，' order by b.bidder) as roles
from named a join holders h on h.company = a.bidder join named b on b.tender = a.tender and b.bidder_key = h.holder
where a.bidder <> b.bidder
group by a.tender, least(a.bidder, b.bidder), greatest(a.bidder, b.bidder)
