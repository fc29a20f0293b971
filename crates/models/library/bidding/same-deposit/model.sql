with sources as (
  select distinct tender, bidder, '付款账号' as kind, deposit_account as source from bids where deposit_account is not null
  union select distinct tender, bidder, '付款人', company_key(deposit_payer) from bids where deposit_payer is not null
), shared as (
  -- Names are put together for what is shared alone: to do so for every single one costs most of the time.
  select tender, kind, source from sources group by tender, kind, source having count(*) >= 2
)
select o.tender, o.kind, o.source, count(*) as bidders, string_agg(o.bidder, '、' order by o.bidder) as names
from sources o join shared s on s.tender = o.tender and s.kind = o.kind and s.source = o.source
group by o.tender, o.kind, o.source
