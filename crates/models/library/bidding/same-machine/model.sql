with met as (
  -- Few codes stand twice in a tender; what costs time is asked of these alone.
  select tender_no, '网卡地址' as kind, mac as code from bids_numbered where mac is not null group by tender_no, mac having count(*) > 1
  union all
  select tender_no, '硬盘序列号', disk from bids_numbered where disk is not null group by tender_no, disk having count(*) > 1
  union all
  select tender_no, 'CPU序列号', cpu from bids_numbered where cpu is not null group by tender_no, cpu having count(*) > 1
  union all
  select tender_no, '加密锁号', lock from bids_numbered where lock is not null group by tender_no, lock having count(*) > 1
), used as (
  select b.tender, b.bidder, m.kind, m.code,
    case m.kind when '网卡地址' then b.mac when '硬盘序列号' then b.disk when 'CPU序列号' then b.cpu else b.lock end as own
  from bids_numbered b join met m on m.tender_no = b.tender_no
), codes as (
  -- Factory defaults and blanks filled with one sign say nothing.
  select distinct tender, bidder, kind, code from used where code = own and length(regexp_replace(own, '[0F:.-]', '', 'g')) >= 4
)
select tender, kind, code, count(*) as bidders, string_agg(bidder, '、' order by bidder) as names
from codes group by tender, kind, code having count(*) >= $least
