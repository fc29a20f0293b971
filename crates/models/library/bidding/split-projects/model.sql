with small as (
  select contract, owner, category, contractor, max(amount) as amount, max(signed_on) as signed_on from contracts
  where amount < $limit and amount >= $limit * $near and signed_on is not null
  group by contract, owner, category, contractor
), runs as (
  select a.owner, a.category, a.contractor, a.contract as first, count(*) as contracts, sum(b.amount) as total,
    max(days(a.signed_on, b.signed_on)) as length
  from small a join small b on a.owner = b.owner and a.category = b.category and a.contractor = b.contractor
    and days(a.signed_on, b.signed_on) between 0 and $window
  group by a.owner, a.category, a.contractor, a.contract
), best as (
  select *, row_number() over (partition by owner, category, contractor order by total desc, first) as place
  from runs where contracts >= $least and total >= $limit
)
select owner, category, contractor, contracts, total, length from best where place = 1
