with used as (select distinct tender, bidder, ip from bids where ip is not null and ip not like '127.%'),
common as (select ip from used group by ip having count(distinct tender) > $public),
-- Names are put together for what is shared alone: to do so for every single one costs most of the time.
shared as (select tender, ip from used group by tender, ip having count(*) >= $least)
select u.tender, u.ip, count(*) as bidders, string_agg(u.bidder, '、' order by u.bidder) as names
from used u join shared s on s.tender = u.tender and s.ip = u.ip left join common c on c.ip = u.ip
where c.ip is null group by u.tender, u.ip
