with people as (
  select tender, bidder, '授权委托人' as kind, agent_person as person from bids where agent_person is not null
  union select tender, bidder, '联系人', contact from bids where contact is not null
  union select tender, bidder, '联系电话', phone from bids where phone is not null
  union select tender, bidder, '项目负责人', manager from bids where manager is not null
)
select tender, kind, person, count(*) as bidders, string_agg(bidder, '、' order by bidder) as names
from people group by tender, kind, person having count(*) >= 2
