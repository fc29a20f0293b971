with own as (select distinct tender, bidder, owner from bids)
select o.tender, o.bidder, p.person, max(coalesce(p.role, '关系人')) as role, o.owner,
  max(coalesce(f.official, f.person)) as official, max(coalesce(f.relation, '亲属')) as relation
from own o join parties p on p.company = o.bidder
join officials f on f.person = p.person and company_key(f.owner) = company_key(o.owner)
group by o.tender, o.bidder, p.person, o.owner
