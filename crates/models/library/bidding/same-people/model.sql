with met as (
  -- Few people stand twice in a tender; what costs time is asked of these alone.
  select tender_no, '授权委托人' as kind, agent_person as person from bids_numbered where agent_person is not null
  group by tender_no, agent_person having count(*) > 1
  union all
  select tender_no, '联系人', contact from bids_numbered where contact is not null group by tender_no, contact having count(*) > 1
  union all
  select tender_no, '联系电话', phone from bids_numbered where phone is not null group by tender_no, phone having count(*) > 1
  union all
  select tender_no, '项目负责人', manager from bids_numbered where manager is not null group by tender_no, manager having count(*) > 1
), people as (
  select distinct b.tender, b.bidder, m.kind, m.person from bids_numbered b join met m on m.tender_no = b.tender_no
  where m.person = case m.kind when '授权委托人' then b.agent_person when '联系人' then b.contact when '联系电话' then b.phone else b.manager end
)
select tender, kind, person, count(*) as bidders, string_agg(bidder, '、' order by bidder) as names
from people group by tender, kind, person having count(*) >= 2
