with used as (select distinct tender, bidder, ip from bids where ip is not null and ip not like '127.%'),
common as (select ip from used group by ip having count(distinct tender) > $public)
select u.tender, u.ip, count(*) as bidders, string_agg(u.bidder, '、' order by u.bidder) as names
from used u left join common c on c.ip = u.ip
where c.ip is null group by u.tender, u.ip having count(*) >= $least
