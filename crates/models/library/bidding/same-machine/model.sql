with codes as (
  select tender, bidder, '网卡地址' as kind, mac as code from bids where mac is not null
  union select tender, bidder, '硬盘序列号', disk from bids where disk is not null
  union select tender, bidder, 'CPU序列号', cpu from bids where cpu is not null
  union select tender, bidder, '加密锁号', lock from bids where lock is not null
), telling as (
  -- Factory defaults and blanks filled with one sign say nothing.
  select * from codes where length(regexp_replace(code, '[0F:.-]', '', 'g')) >= 4
), shared as (
  -- Names are put together for what is shared alone: to do so for every single one costs most of the time.
  select tender, kind, code from telling group by tender, kind, code having count(*) >= $least
)
select t.tender, t.kind, t.code, count(*) as bidders, string_agg(t.bidder, '、' order by t.bidder) as names
from telling t join shared s on s.tender = t.tender and s.kind = t.kind and s.code = t.code
group by t.tender, t.kind, t.code
