with met as (
  -- Few sources stand twice in a tender; what costs time is asked of these alone.
  select tender_no, '付款账号' as kind, deposit_account as source from bids_numbered where deposit_account is not null
  group by tender_no, deposit_account having count(*) > 1
  union all
  select tender_no, '付款人', company_key(deposit_payer) from bids_numbered where deposit_payer is not null
  group by tender_no, company_key(deposit_payer) having count(*) > 1
), sources as (
  select distinct b.tender, b.bidder, m.kind, m.source from bids_numbered b join met m on m.tender_no = b.tender_no
  where m.source = case m.kind when '付款账号' then b.deposit_account else company_key(b.deposit_payer) end
)
select tender, kind, source, count(*) as bidders, string_agg(bidder, '、' order by bidder) as names
from sources group by tender, kind, source having count(*) >= 2
