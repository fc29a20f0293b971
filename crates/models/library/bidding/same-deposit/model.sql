with sources as (
  select distinct tender, bidder, '付款账号' as kind, deposit_account as source from bids where deposit_account is not null
  union select distinct tender, bidder, '付款人', company_key(deposit_payer) from bids where deposit_payer is not null
)
select tender, kind, source, count(*) as bidders, string_agg(bidder, '、' order by bidder) as names
from sources group by tender, kind, source having count(*) >= 2
