with people as (
  select tender, bidder, '授权委托人' as kind, agent_person as person from bids where agent_person is not null
  union select tender, bidder, '联系人', contact from bids where contact is not null
  union select tender, bidder, '联系电话', phone from bids where phone is not null
  union select tender, bidder, '项目负责人', manager from bids where manager is not null
), shared as (
  -- Names are put together for what is shared alone: to do so for every single one costs most of the time.
  select tender, kind, person from people group by tender, kind, person having count(*) >= 2
)
select p.tender, p.kind, p.person, count(*) as bidders, string_agg(p.bidder, '、' order by p.bidder) as names
from people p join shared s on s.tender = p.tender and s.kind = p.kind and s.person = p.person
group by p.tender, p.kind, p.person
