with payers as (
  select deposit_payer_no, company_key(deposit_payer) as source from bids_deposit_payer
), firms as (
  -- However its name is written, a payer has one number here.
  select p.deposit_payer_no, f.payer_no, p.source from payers p
  join (select source, min(deposit_payer_no) as payer_no from payers group by source) f on f.source = p.source
), accounts as (
  -- Few sources stand twice in a tender; what costs time is asked of these alone. Accounts and payers each by themselves:
  -- together they are taken for more rows than the bids, which would then all be held in memory.
  select tender_no, deposit_account as account from bids_numbered where deposit_account is not null
  group by tender_no, deposit_account having count(*) > 1
), paying as (
  select b.tender_no, f.payer_no from firms f join bids_numbered b on b.deposit_payer_no = f.deposit_payer_no
  group by b.tender_no, f.payer_no having count(*) > 1
), sources as (
  select distinct b.tender, b.bidder, '付款账号' as kind, m.account as source
  from accounts m join bids_numbered b on b.tender_no = m.tender_no and b.deposit_account = m.account
  union all
  select distinct b.tender, b.bidder, '付款人', f.source
  from paying m join bids_numbered b on b.tender_no = m.tender_no
  join firms f on f.deposit_payer_no = b.deposit_payer_no and f.payer_no = m.payer_no
)
select tender, kind, source, count(*) as bidders, string_agg(bidder, '、' order by bidder) as names
from sources group by tender, kind, source having count(*) >= 2
