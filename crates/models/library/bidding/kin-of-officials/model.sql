with kin as (
  select b.bidder_no, p.person, p.role, f.official, f.person as relative, f.relation, company_key(f.owner) as owner_key
  from parties p join officials f on f.person = p.person join bids_bidder b on b.bidder = p.company
), own as (
  select distinct b.tender, b.bidder_no, b.bidder, b.owner from bids_numbered b
  where b.bidder_no in (select bidder_no from kin)
)
select o.tender, o.bidder, k.person, max(coalesce(k.role, '关系人')) as role, o.owner,
  max(coalesce(k.official, k.relative)) as official, max(coalesce(k.relation, '亲属')) as relation
from own o join kin k on k.bidder_no = o.bidder_no and k.owner_key = company_key(o.owner)
group by o.tender, o.bidder, k.person, o.owner
