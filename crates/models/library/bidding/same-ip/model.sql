with met as (
  -- Few addresses stand twice in a tender; what costs time is asked of these alone.
  select tender_no, ip from bids_numbered where ip is not null and ip not like '127.%' group by tender_no, ip having count(*) > 1
), used as (
  select distinct b.tender, b.bidder, b.ip from bids_numbered b join met m on m.tender_no = b.tender_no and m.ip = b.ip
), common as (
  select b.ip from bids_numbered b join (select distinct ip from met) m on m.ip = b.ip
  group by b.ip having count(distinct b.tender_no) > $public
)
select u.tender, u.ip, count(*) as bidders, string_agg(u.bidder, '、' order by u.bidder) as names
from used u left join common c on c.ip = u.ip
where c.ip is null group by u.tender, u.ip having count(*) >= $least
