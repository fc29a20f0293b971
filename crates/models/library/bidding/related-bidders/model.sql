with ties as (
  select company, person, max(coalesce(role, '关系人')) as role from parties
  where person is not null and (share is null or share >= $share) group by company, person
), holders as (
  -- A company that holds another; in a circle both are named once.
  select company, person, role, company_key(person) as holder from ties where company_key(person) <> company_key(company)
), tied as (
  select x.bidder_no as one_no, y.bidder_no as other_no, x.bidder as one, y.bidder as other, a.person,
    a.person || '同为' || a.role || '、' || b.role as roles
  from ties a join ties b on b.person = a.person join bids_bidder x on x.bidder = a.company join bids_bidder y on y.bidder = b.company
  where x.bidder < y.bidder
), held as (
  select x.bidder_no as one_no, y.bidder_no as other_no, x.bidder as one, y.bidder as other, h.person, h.role
  from holders h join bids_bidder x on x.bidder = h.company
  join (select bidder_no, bidder, company_key(bidder) as bidder_key from bids_bidder) y on y.bidder_key = h.holder
  where x.bidder <> y.bidder
), kept as (
  select distinct a.tender, h.one, h.other, h.person, h.role
  from held h join bids_numbered a on a.bidder_no = h.one_no join bids_numbered b on b.tender_no = a.tender_no and b.bidder_no = h.other_no
)
select a.tender, t.one, t.other, t.person, t.roles
from tied t join bids_numbered a on a.bidder_no = t.one_no join bids_numbered b on b.tender_no = a.tender_no and b.bidder_no = t.other_no
union
select tender, least(one, other) as one, greatest(one, other) as other, min(other) as person,
  string_agg(other || '是' || one || '的' || role, '，' order by other) as roles
from kept group by tender, least(one, other), greatest(one, other)
